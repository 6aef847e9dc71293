# PostgreSQL: a file of JSON lines against psql's \copy of the same rows as CSV, both into the table that Tidemark makes, in the same state; and the same from REST.
# shellcheck shell=bash disable=SC2154
source "$root/bench/rows.sh"
source "$root/bench/postgresql.sh"

prepare() {
  make_rows
  start_postgresql
  build_benchmarks
  serve dotnet "$benchmarks" serve "$work/some.jsonl" 1000
  pages=$address
}

versions() { printf ', PostgreSQL %s, as it comes, fsync on' "$(sql postgres "SHOW server_version")"; }

database() { # an empty one
  sql postgres "DROP DATABASE IF EXISTS bench" "CREATE DATABASE bench"
  export DATABASE=postgresql://postgres@127.0.0.1:$pg_port/bench
}

settle() { # nobody pays for what was written before
  sql bench "VACUUM ANALYZE" "CHECKPOINT"
  sync -f "$work"
}

ours() { # ours CASE FILE
  settle
  ROWS=$work/$2.jsonl measure "$1" "$tidemark" run -c "$pipelines/rows.yaml"
}

theirs() { # theirs CASE COMMAND…: what psql is told
  settle
  psql_command bench
  printf '%s\n' "${@:2}" >"$work/psql.sql"
  measure "$1" "${psql[@]}" -f "$work/psql.sql"
}

same_table() { # same_table [WITH]: a table like ours for psql, empty or with the rows of ours
  sql bench "DROP TABLE IF EXISTS theirs" "CREATE TABLE theirs (LIKE rows INCLUDING ALL)"
  [ $# -eq 0 ] || sql bench "INSERT INTO theirs SELECT * FROM rows ORDER BY id"
}

merge() { # merge CASE FILE
  theirs "$1" "BEGIN;" \
    "CREATE TEMP TABLE stage (LIKE theirs) ON COMMIT DROP;" \
    "\\copy stage ($columns) FROM '$work/$2.csv' WITH (FORMAT csv)" \
    "INSERT INTO theirs ($columns) SELECT $columns FROM stage ON CONFLICT (id) DO UPDATE SET $(sed -E 's/id, //; s/[a-z_]+/& = excluded.&/g' <<<"$columns");" \
    "COMMIT;"
}

same_rows() { # both tables hold the rows of FILE
  local difference; difference=$(sql bench "SELECT count(*) FROM (TABLE rows EXCEPT TABLE theirs) d" "SELECT count(*) - 1000000 FROM rows" "SELECT count(*) - 1000000 FROM theirs" | paste -sd' ')
  [ "$difference" = "0 0 0" ] || { echo "the tables differ after $1: $difference" >&2; exit 2; }
}

columns="id, email, name, city, amount, updated_at, active"

run_once() {
  database
  ours first rows
  same_table
  theirs psql_first "\\copy theirs ($columns) FROM '$work/rows.csv' WITH (FORMAT csv)"
  same_rows "the first load"

  ours unchanged rows
  merge psql_unchanged rows
  same_rows "the second load"

  same_table with
  ours changed changed
  merge psql_changed changed
  same_rows "the changes"

  database
  ours some some
  database
  settle
  SOURCE_URL=$pages measure rest "$tidemark" run -c "$pipelines/pages.yaml"
}

report() {
  head_of_rows "server's CPU time"
  row first "Tidemark: first load" 1000000 server
  row psql_first "psql: \`\\copy\`" 1000000 server
  row unchanged "Tidemark: again, all unchanged" 1000000 server
  row psql_unchanged "psql: \`\\copy\` to a temporary table, \`INSERT … ON CONFLICT DO UPDATE\`" 1000000 server
  row changed "Tidemark: again, half changed" 1000000 server
  row psql_changed "psql: as above" 1000000 server
  row some "Tidemark: first load of a tenth" 100000 server
  row rest "Tidemark: the same tenth from REST, 1000 a page" 100000 server
  head_of_goals
  goal "first load against psql: times as long" "$(ratio first psql_first)" '≤' 1.3
  goal "all unchanged against psql: times as long" "$(ratio unchanged psql_unchanged)" '≤' 0.7
  goal "half changed against psql: times as long" "$(ratio changed psql_changed)" '≤' 1.0
  goal "REST against the file: times as long" "$(ratio rest some)" '≤' 1.5
  goal "100 000 rows: peak MB" "$(figure some 3)" '<' 200
  goal "1 000 000 rows: peak MB" "$(figure first 3)" '<' 200
}
