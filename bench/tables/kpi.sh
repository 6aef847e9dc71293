# KPI sync: posts to tidemark serve on PostgreSQL, fsync on, the load from a second process. Fixed numbers of posts, so that cases of several runs are alike; ENTRIES changes the last one.
# shellcheck shell=bash disable=SC2154
source "$root/bench/postgresql.sh"

entries=${ENTRIES:-1000000}

prepare() {
  start_postgresql
  build_benchmarks
}

versions() { printf ', PostgreSQL %s, as it comes, fsync on' "$(sql postgres "SHOW server_version")"; }

load() { # load CASE COMMAND…: what the generator prints is a line of the case's figures
  local case=$1
  shift
  dotnet "$benchmarks" "$@" >"$work/load.out" || { cat "$work/load.out" >&2; exit 2; }
  cat "$work/load.out" >>"$work/$case.figures"
}

run_once() {
  sql postgres "DROP DATABASE IF EXISTS bench" "CREATE DATABASE bench"
  psql_command bench
  "${psql[@]}" -f "$root/recipes/kpi/seed.sql" >/dev/null
  KPI_DB=postgresql://postgres@127.0.0.1:$pg_port/bench serve "$tidemark" serve --json --urls http://127.0.0.1:0 -c "$pipelines/kpi.yaml"
  local server=${children[-1]} url
  url=$(sed -E 's/.*"urls":\["([^"]+)".*/\1/' <<<"$address")
  load hundred post "$url" hundred 300 100 1
  load thousand post "$url" thousand 100 1000 1
  load burst burst "$url" 20 100
  # Each commit has a number of its own, which its rows bear.
  sql bench "SELECT max(n) FROM (SELECT count(DISTINCT xmin::text) AS n FROM kpi_entries WHERE source ~ '^burst-[0-9]' GROUP BY source) d" >>"$work/commits.figures"
  load four post "$url" four $((entries / 1000)) 1000 4
  local stored; stored=$(sql bench "SELECT count(*) FROM kpi_entries WHERE source = 'four'")
  [ "$stored" = $((entries / 1000 * 1000)) ] || { echo "$stored entries are stored of $entries" >&2; exit 2; }
  # What a launcher started is its child.
  local program; program=$(pgrep -P "$server" dotnet || echo "$server")
  awk '/^VmHWM/ { print int($2 / 1024) }' "/proc/$program/status" >>"$work/memory.figures"
  kill -TERM "$server"
  wait "$server" || { echo "the server ended with $?" >&2; exit 2; }
  unset 'children[-1]'
}

failures() { cat "$work/hundred.figures" "$work/thousand.figures" "$work/burst.figures" "$work/four.figures" | awk '{ sum += $NF } END { print sum + 0 }'; }

report() {
  printf '| posts | median | 99 %% | entries/s |\n|---|--:|--:|--:|\n'
  printf '| 300 of 100 entries, one after the other | %.1f ms | %.1f ms | %s |\n' "$(figure hundred 1)" "$(figure hundred 2)" "$(spaced "$(figure hundred 3)")"
  printf '| 100 of 1000 entries, one after the other | %.1f ms | %.1f ms | %s |\n' "$(figure thousand 1)" "$(figure thousand 2)" "$(spaced "$(figure thousand 3)")"
  printf '| 20 times 100 of one entry at once, until all are answered | %.1f ms | %.1f ms (longest) | – |\n' "$(figure burst 1)" "$(figure burst 2)"
  printf '| %s of 1000 entries, 4 clients | %.1f ms | %.1f ms | %s |\n' "$((entries / 1000))" "$(figure four 1)" "$(figure four 2)" "$(spaced "$(figure four 3)")"
  head_of_goals
  goal "100 entries: median ms" "$(figure hundred 1)" '<' 20
  goal "100 entries: 99 % in ms" "$(figure hundred 2)" '<' 60
  goal "1000 entries: median ms" "$(figure thousand 1)" '<' 100
  goal "100 posts at once: ms until all are answered, the longest" "$(figure burst 2)" '<' 250
  goal "100 posts at once: commits, the most" "$(figure commits 1)" '≤' 12
  goal "4 clients, posts of 1000: entries/s" "$(figure four 3)" '≥' 30000
  goal "all of it: peak MB of the server" "$(figure memory 1)" '<' 250
  goal "answers other than 200" "$(failures)" '≤' 0
}
