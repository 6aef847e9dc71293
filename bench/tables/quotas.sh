# Quotas: 350 calls at 100 an interval on the real clock, judged by the simulator's own counts; a slow service that is asked 10 times at once; and a register without a quota, into PostgreSQL.
# Cases of minutes, and the service, wait most of the time: they run side by side; those of seconds run one after the other. All of these run once.
# shellcheck shell=bash disable=SC2154
source "$root/bench/rows.sh"
source "$root/bench/postgresql.sh"

# A case: interval, delay of the answers, pace, processes, how the server counts, goal in seconds, name
minutes='at_once      60s 0        burst  1 fixed   190 answers at once
delayed      60s 0-3s     burst  1 fixed   220 answers after 0 to 3 s
two_at_once  60s 0        burst  2 fixed   190 2 processes, answers at once
two_delayed  60s 0-3s     burst  2 fixed   220 2 processes, answers after 0 to 3 s
smooth       60s 0-3s     smooth 1 fixed   225 `pace: smooth`, answers after 0 to 3 s'
seconds='fixed        6s  0        burst  1 fixed   -   fixed windows of 6 s, answers at once
sliding      6s  0        burst  1 sliding -   sliding windows of 6 s, answers at once
bucket       6s  0        burst  1 bucket  -   a bucket for 6 s, answers at once
fixed_slow   6s  0-300ms  burst  1 fixed   -   fixed windows of 6 s, answers after 0 to 0.3 s
sliding_slow 6s  0-300ms  burst  1 sliding -   sliding windows of 6 s, answers after 0 to 0.3 s
bucket_slow  6s  0-300ms  burst  1 bucket  -   a bucket for 6 s, answers after 0 to 0.3 s
two_slow     6s  0-300ms  burst  2 sliding -   2 processes, sliding windows of 6 s, answers after 0 to 0.3 s
smooth_slow  6s  0-300ms  smooth 1 sliding -   `pace: smooth`, sliding windows of 6 s, answers after 0 to 0.3 s'
quota_cases=$minutes$'\n'$seconds
calls=350
reviewed=300

prepare() {
  make_rows
  head -$reviewed "$work/rows.jsonl" >"$work/reviewed.jsonl"
  start_postgresql
  serve "$tidemark" simulate sirene --limit 0 --scale 15 --port 0
  register=$address
}

versions() { printf ', PostgreSQL %s, as it comes, fsync on' "$(sql postgres "SHOW server_version")"; }

each() { # each COMMAND CASES: with the fields of each
  local line
  while read -r -a line; do "$1" "${line[@]:0:7}" "${line[*]:7}"; done <<<"$2"
}

counted() { # counted CASE PATTERN: a number of the simulator's counts
  sed -E "s/.*$2([0-9.]+).*/\1/" "$work/$1.calls" | awk 1
}

start_quota() { # start_quota CASE INTERVAL DELAY PACE PROCESSES LIMITER …: begins a case; its processes end by themselves
  local process step=$((calls / $5))
  simulate "$1" sirene --limit 100 --interval "$2" --limiter "$6" --delay "$3"
  for ((process = 0; process < $5; process++)); do
    INTERVAL=$2 PACE=$4 FROM=$((process * step)) TO=$((process * step + step)) STORE=$work/$1.store DATABASE=$work/$1.$process.db run_case "$1.$process" quotas
  done
}

start_reviews() {
  simulate reviews enrichment --rubbish 0%
  ROWS=$work/reviewed.jsonl DATABASE=sqlite:$work/reviewed.db run_case reviews.0 enrichment
}

simulate() { # simulate CASE NAME OPTION…
  serve "$tidemark" simulate "${@:2}" --port 0
  addresses[$1]=$address
}

run_case() { # run_case PROCESS PIPELINE: in the background
  SOURCE_URL=$address /usr/bin/time -f '%e' -o "$work/$1.time" "$tidemark" run -c "$pipelines/$2.yaml" >"$work/$1.out" 2>&1 &
  children+=($!)
  waited[$!]=$work/$1.out
}

finish() { # waits for all cases that were begun, and takes their figures
  local id case
  for id in "${!waited[@]}"; do wait "$id" || { cat "${waited[$id]}" >&2; exit 2; }; done
  for case in "${!addresses[@]}"; do
    curl -fsS "${addresses[$case]}/_sim/calls" >"$work/$case.calls"
    sort -n "$work/$case".*.time | tail -1 >"$work/$case.figures"
  done
  addresses=() waited=()
}

alone() { start_quota "$@"; finish; }

run_waiting() { # once
  [ ! -f "$work/reviews.calls" ] || return 0
  local -A addresses=() waited=()
  each start_quota "$minutes"
  start_reviews
  finish
  each alone "$seconds"
}

run_once() {
  run_waiting
  sql postgres "DROP DATABASE IF EXISTS bench" "CREATE DATABASE bench"
  sql bench "CHECKPOINT"
  # Those without a number fail, as they should.
  SOURCE_URL=$register DATABASE=postgresql://postgres@127.0.0.1:$pg_port/bench measure register "$tidemark" run -c "$pipelines/companies.yaml" --allow partial
}

most_calls() { counted "$1" '"max_in_window":\{"[0-9]+s":'; }

quota_row() {
  [ "$(counted "$1" '"total":')" -ge $calls ] || { echo "the case $1 made $(counted "$1" '"total":') calls instead of $calls" >&2; exit 2; }
  printf '| %s | %s | %s | %s | %.1f s |\n' "$8" "$(counted "$1" '"total":')" "$(counted "$1" '"refused":')" "$(most_calls "$1")" "$(figure "$1" 1)"
}

quota_goal() { goal "$8: seconds" "$(figure "$1" 1)" '≤' "$7"; }

worst() { # worst FUNCTION: the largest of all quota cases
  each "$1" "$quota_cases" | sort -n | tail -1
}

refused_of() { counted "$1" '"refused":'; }

report() {
  printf '| %s calls, 100 in any interval, a process up to 20 at once | calls | refused | most in any interval | time |\n|---|--:|--:|--:|--:|\n' $calls
  each quota_row "$quota_cases"
  printf '\n| a service that takes 2 to 5 s an answer, 10 calls at once | calls | busy on average | time |\n|---|--:|--:|--:|\n'
  printf '| %s records | %s | %s | %.1f s |\n\n' $reviewed "$(counted reviews '"total":')" "$(counted reviews '"average":')" "$(figure reviews 1)"
  head_of_rows
  row register "a register, 1000 a page, into PostgreSQL" 524535
  head_of_goals
  goal "calls in any interval, in all cases" "$(worst most_calls)" '≤' 100
  goal "refused calls, in all cases" "$(worst refused_of)" '≤' 0
  each quota_goal "$minutes"
  goal "a slow service: calls under way, on average" "$(counted reviews '"average":')" '≥' 9.5
  goal "the register: companies/s" "$(rate register 524535)" '≥' 20000
  goal "the register: peak MB" "$(figure register 3)" '<' 250
}
