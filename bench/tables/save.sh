# Lines from a pipe through tidemark save into SQLite, in batches of 5000 and of 10.
# shellcheck shell=bash disable=SC2154
source "$root/bench/rows.sh"

prepare() {
  command -v sqlite3 >/dev/null || install sqlite3
  make_rows
  cat >"$work/pipe.sh" <<'EOF'
cat "$1" | "${@:2}"
EOF
}

versions() { :; }

saved() { # saved CASE ROWS FILE OPTION…
  local case=$1 rows=$2 file=$3
  shift 3
  rm -f "$work"/saved.db*
  sync -f "$work"
  measure "$case" bash "$work/pipe.sh" "$work/$file.jsonl" "$tidemark" save --to "sqlite:$work/saved.db" --table rows "$@"
  local counts; counts=$(sqlite3 "$work/saved.db" "SELECT count(*) FROM rows")
  [ "$counts" = "$rows" ] || { echo "save wrote $counts rows of $rows" >&2; exit 2; }
}

run_once() {
  saved save_merged 1000000 rows --key id --batch-count 5000
  saved save_appended 1000000 rows --batch-count 5000
  saved save_acked 1000000 rows --key id --batch-count 5000 --ack
  saved save_ten 100000 some --key id --batch-count 10
}

report() {
  head_of_rows
  row save_merged "batches of 5000, merged by key" 1000000
  row save_appended "batches of 5000, appended" 1000000
  row save_acked 'batches of 5000, merged by key, `--ack`' 1000000
  row save_ten "batches of 10, merged by key" 100000
  head_of_goals
  goal "batches of 5000, merged by key: records/s" "$(rate save_merged 1000000)" '≥' 100000
  goal "batches of 5000: peak MB" "$(figure save_merged 3)" '<' 200
}
