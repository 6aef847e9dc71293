# Lookups: answers that are kept, from tidemark serve, the load from a second process (wrk, 16 connections, 1000 keys). SECONDS_EACH changes how long each case is measured.
# shellcheck shell=bash disable=SC2154
source "$root/bench/postgresql.sh"

seconds_each=${SECONDS_EACH:-10}

prepare() {
  start_postgresql
  command -v wrk >/dev/null || install wrk
  command -v curl >/dev/null || install curl
  cat >"$work/hits.lua" <<'EOF'
local hits = {}
for i = 1, 1000 do hits[i] = string.format("/products/product?asin=B%09d", i) end
request = function() return wrk.format("GET", hits[math.random(1000)]) end
EOF
  seq 1000 | awk '{ printf "%s{\"asin\":\"B%09d\"}", NR == 1 ? "[" : ",", $1 } END { print "]" }' >"$work/keys.json"
  serve "$tidemark" simulate keepa --limit 0 --port 0
  api=$address
}

versions() { printf ', PostgreSQL %s, as it comes; %s' "$(sql postgres "SHOW server_version")" "$(wrk -v 2>&1 | head -1 | cut -d' ' -f1,2)"; }

hits() { # hits CASE DATABASE MEMORY: a line "rate median p99 failures" goes to the case's figures
  SOURCE_URL=$api DATABASE=$2 MEMORY=$3 serve "$tidemark" serve --json --urls http://127.0.0.1:0 -c "$pipelines/lookups.yaml"
  local server=${children[-1]} url
  url=$(sed -E 's/.*"urls":\["([^"]+)".*/\1/' <<<"$address")
  curl -sSf "$url/products/product" -H 'Content-Type: application/json' -d @"$work/keys.json" >"$work/bought.json"
  [ "$(grep -o '"cached":false' "$work/bought.json" | wc -l)" = 1000 ] || { echo "the keys of $1 were not bought: $(head -c 300 "$work/bought.json")" >&2; exit 2; }
  # Compiled as it goes: what is measured is what a server does after its first seconds.
  wrk -t1 -c16 -d3s -s "$work/hits.lua" "$url" >/dev/null
  wrk -t1 -c16 -d"${seconds_each}s" --latency -s "$work/hits.lua" "$url" >"$work/wrk.out"
  awk '
    function ms(text) { return text ~ /us$/ ? text / 1000 : text ~ /ms$/ ? text + 0 : text * 1000 }
    $1 == "50%" { median = ms($2) } $1 == "99%" { longest = ms($2) } /^Requests\/sec/ { rate = $2 } /Non-2xx/ { failed = $NF } /Socket errors/ { failed += 1 }
    END { printf "%d %.2f %.2f %d\n", rate, median, longest, failed }' "$work/wrk.out" >>"$work/$1.figures"
  kill -TERM "$server"
  wait "$server" || { echo "the server ended with $?" >&2; exit 2; }
  unset 'children[-1]'
}

run_once() {
  rm -rf "$work"/lookups.db* "$pipelines/.tidemark"
  sql postgres "DROP DATABASE IF EXISTS bench" "CREATE DATABASE bench"
  hits hits_memory "sqlite:$work/lookups.db" 64MiB
  hits hits_postgresql "postgresql://postgres@127.0.0.1:$pg_port/bench" 1B
}

hits_row() { printf '| %s | %s | %.2f ms | %.2f ms |\n' "$2" "$(spaced "$(figure "$1" 1)")" "$(figure "$1" 2)" "$(figure "$1" 3)"; }

report() {
  printf '| hits, 16 callers at once, 1000 keys | hits/s | median | 99 %% |\n|---|--:|--:|--:|\n'
  hits_row hits_memory "from memory"
  hits_row hits_postgresql "from PostgreSQL, nothing in memory"
  head_of_goals
  goal "from memory: hits/s" "$(figure hits_memory 1)" '≥' 15000
  goal "from memory: median ms" "$(figure hits_memory 2)" '<' 2
  goal "from memory: 99 % in ms" "$(figure hits_memory 3)" '<' 10
  goal "from PostgreSQL: hits/s" "$(figure hits_postgresql 1)" '≥' 3000
  goal "answers other than 200" "$(cat "$work"/hits_*.figures | awk '{ sum += $4 } END { print sum + 0 }')" '≤' 0
}
