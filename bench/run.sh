#!/usr/bin/env bash
# Measures whole processes, start-up included, and holds the goals.
#   bench/run.sh                    prints all tables but mongodb in Markdown; exits 1 if a goal is missed
#   bench/run.sh TABLE…             only some: sources, sqlite, postgresql, save, kpi, mongodb, lookups, allocation, quotas, forecasts
#   bench/run.sh --update [TABLE…]  writes them into docs/benchmarks.md as well
#   RUNS=9 bench/run.sh             how many runs of each case; the tables show their median. Default 5
# A table is a file in bench/tables with three functions: prepare makes what its cases need, once; run_once runs each of its cases once; report prints it.
# Cases that are compared take turns, so that a busy machine slows both.
set -euo pipefail
root=$(cd -- "$(dirname -- "$0")/.." && pwd)
runs=${RUNS:-5}
docs=$root/docs/benchmarks.md
source "$root/bench/lib.sh"

update=false
tables=()
for argument in "$@"; do
  case $argument in
    --update) update=true ;;
    sources | sqlite | postgresql | save | kpi | mongodb | lookups | allocation | quotas | forecasts) tables+=("$argument") ;;
    *) echo "run.sh: there is no table '$argument'; there are sources, sqlite, postgresql, save, kpi, mongodb, lookups, allocation, quotas and forecasts" >&2; exit 2 ;;
  esac
done
[ ${#tables[@]} -gt 0 ] || tables=(sources sqlite postgresql save kpi lookups allocation quotas forecasts)

start
for table in "${tables[@]}"; do
  versions() { :; } # what else it measures with: a table may say
  source "$root/bench/tables/$table.sh"
  prepare
  for ((run = 1; run <= runs; run++)); do
    echo "$table: run $run of $runs" >&2
    run_once
  done
  { machine; report; } >"$work/$table.report"
  cat "$work/$table.report"
  ! $update || sed -i -e "/<!-- begin: $table -->/,/<!-- end -->/{//!d}" -e "/<!-- begin: $table -->/r $work/$table.report" "$docs"
done
exit $missed
