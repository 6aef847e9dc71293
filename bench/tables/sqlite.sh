# SQLite: a file of JSON lines, merged by key, against the shell's .import of the same rows as CSV into the table that Tidemark makes.
# shellcheck shell=bash disable=SC2154
source "$root/bench/rows.sh"

prepare() {
  command -v sqlite3 >/dev/null || install sqlite3
  make_rows
}

versions() { printf ', SQLite %s (the shell)' "$(sqlite3 --version | cut -d' ' -f1)"; }

ours() { # ours CASE ROWS
  rm -f "$work"/ours.db*
  sync -f "$work"
  ROWS=$work/$2.jsonl DATABASE=sqlite:$work/ours.db measure "$1" "$tidemark" run -c "$pipelines/rows.yaml"
}

theirs() { # into a table like the one in ours.db
  rm -f "$work"/theirs.db*
  sqlite3 "$work/ours.db" ".schema rows" | sqlite3 "$work/theirs.db"
  sync -f "$work"
  measure sqlite3 sqlite3 "$work/theirs.db" "PRAGMA synchronous = FULL" ".import --csv $work/rows.csv rows"
  local counts; counts=$(sqlite3 "$work/theirs.db" "SELECT count(*) FROM rows")
  [ "$counts" = 1000000 ] || { echo "sqlite3 imported $counts rows" >&2; exit 2; }
}

run_once() {
  ours sqlite_some some
  ours sqlite_rows rows
  theirs
}

report() {
  head_of_rows
  row sqlite_rows "Tidemark: JSON lines, merged by key" 1000000
  row sqlite3 "sqlite3: .import of CSV, synchronous=FULL" 1000000
  row sqlite_some "Tidemark: a tenth of the lines" 100000
  head_of_goals
  goal "against sqlite3: times as long" "$(ratio sqlite_rows sqlite3)" '≤' 1.2
  goal "100 000 rows: peak MB" "$(figure sqlite_some 3)" '<' 200
  goal "1 000 000 rows: peak MB" "$(figure sqlite_rows 3)" '<' 200
}
