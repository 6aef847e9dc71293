#!/usr/bin/env bash
# Measures whole processes, start-up included, against the simulators in other processes, and holds the goals.
#   bench/run.sh             prints a table in Markdown; exits 1 if a goal is missed
#   bench/run.sh --update    writes it into docs/benchmarks.md as well
#   RUNS=9 bench/run.sh      how many runs of each case; the table shows their median. Default 5
set -euo pipefail
root=$(cd -- "$(dirname -- "$0")/.." && pwd)
runs=${RUNS:-5}
tidemark=$root/tidemark
pipelines=$root/bench/pipelines
docs=$root/docs/benchmarks.md

if ! command -v /usr/bin/time >/dev/null; then
  echo "installing time" >&2
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq time >/dev/null
fi
"$tidemark" --version >/dev/null # builds, if need be

work=$(mktemp -d)
simulators=()
cleanup() {
  [ ${#simulators[@]} -eq 0 ] || kill "${simulators[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT

simulate() { # simulate NAME [OPTION…]: starts one on a free port; its address is in $address
  local log=$work/simulator.${#simulators[@]}
  "$tidemark" simulate "$@" --port 0 >"$log" &
  simulators+=($!)
  until [ -s "$log" ]; do
    kill -0 $! || { echo "the simulator $* did not start" >&2; exit 2; }
    sleep 0.05
  done
  address=$(head -1 "$log")
}

measure() { # measure CASE PIPELINE [OPTION…]: one run; a line "wall cpu MiB" goes to the case's figures
  local case=$1 pipeline=$2
  shift 2
  /usr/bin/time -f '%e %U %S %M' -o "$work/time" "$tidemark" run -c "$pipeline" "$@" >"$work/out" 2>&1 || { cat "$work/out" >&2; exit 2; }
  awk '{ printf "%s %.2f %.1f\n", $1, $2 + $3, $4 / 1024 }' "$work/time" >>"$work/$case"
}

fresh() { # fresh: an empty database, in $DATABASE
  rm -f "$work"/bench.db*
  export DATABASE=sqlite:$work/bench.db
}

communes() { # communes CASE ADDRESS PAGE_SIZE [OPTION…]
  local case=$1
  fresh
  SOURCE_URL=$2 PAGE_SIZE=$3 measure "$case" "$pipelines/communes.yaml" "${@:4}"
}

crm_day() { # the run after a day of changes; the first run is not measured
  fresh
  export CRM_URL=$crm CRM_DB=$DATABASE
  curl -fsS -X POST "$crm/_sim/reset" >/dev/null
  "$tidemark" run -c "$root/recipes/crm/tidemark.yaml" >"$work/out" 2>&1
  curl -fsS -X POST "$crm/_sim/advance?to=day" >/dev/null
  measure crm "$root/recipes/crm/tidemark.yaml"
}

lines() {
  fresh
  LINES=$work/orders.jsonl measure lines "$pipelines/lines.yaml"
}

median() { # median CASE COLUMN
  cut -d' ' -f"$2" "$work/$1" | sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

simulate crm; crm=$address
simulate communes; communes=$address
simulate communes --scale 10; communes10=$address
awk 'BEGIN { for (i = 1; i <= 1000000; i++)
  printf "{\"id\":%d,\"customer\":\"c%06d\",\"status\":\"%s\",\"amount\":%d.%02d,\"note\":\"order %d of the day, to be delivered\",\"paid\":%s,\"updated_at\":\"2026-01-%02dT%02d:%02d:%02dZ\"}\n",
    i, i * 7919 % 250000, i % 3 ? "shipped" : "open", i % 900, i % 100, i, i % 2 ? "true" : "false", 1 + i % 28, i % 24, i % 60, i * 7 % 60 }' >"$work/orders.jsonl"

# Cases that are compared take turns, so that a busy machine slows both.
for ((run = 1; run <= runs; run++)); do
  echo "run $run of $runs" >&2
  crm_day
  communes communes "$communes" 1000
  communes communes10 "$communes10" 1000
  communes small_pages "$communes10" 100 --limit 100000
  communes large_pages "$communes10" 1000 --limit 100000
  lines
done

missed=0
row() { # row CASE NAME RECORDS
  local wall; wall=$(median "$1" 1)
  local rate=–
  [ "$3" -lt 1000 ] || rate=$(awk -v n="$3" -v s="$wall" 'BEGIN { printf "%d 000", n / s / 1000 }')
  printf '| %s | %s | %.2f s | %.2f s | %s | %.0f MB |\n' "$2" "$(sed -E ':a; s/([0-9])([0-9]{3})($| )/\1 \2\3/; ta' <<<"$3")" "$wall" "$(median "$1" 2)" "$rate" "$(median "$1" 3)"
}
goal() { # goal NAME FOUND RELATION EXPECTED
  local met=met
  awk -v a="$2" -v b="$4" -v r="$3" 'BEGIN { exit !(r == "<" ? a < b : r == "≤" ? a <= b : a >= b) }' || { met='**not met**'; missed=1; }
  printf '| %s | %s %s | %s | %s |\n' "$1" "$3" "$4" "$2" "$met"
}
rate() { awk -v n="$2" -v s="$(median "$1" 1)" 'BEGIN { printf "%d", n / s }'; }

report() {
  cat <<TABLE
Median of $runs runs on $(date -u +%Y-%m-%d): $(awk -F': ' '/^model name/ { print $2; exit }' /proc/cpuinfo), $(nproc) CPUs, $(uname -sm), .NET $(dotnet --list-runtimes | awk '/^Microsoft.NETCore.App 10/ { v = $2 } END { print v }').

| whole process, start-up included | records | time | CPU time | records/s | peak memory |
|---|--:|--:|--:|--:|--:|
TABLE
  row crm "CRM, the run after a day of changes" 97
  row communes "communes from REST, 1000 a page" 34969
  row communes10 "ten times as many" 349690
  row large_pages "100 pages of 1000 records" 100000
  row small_pages "1000 pages of 100 records" 100000
  row lines "JSON lines, 167 MB, merged by key" 1000000
  printf '\n| goal | | found | |\n|---|--:|--:|---|\n'
  goal "CRM, the run after a day: seconds" "$(median crm 1)" '<' 1.5
  goal "communes: seconds" "$(median communes 1)" '<' 3
  goal "ten times as many: records/s" "$(rate communes10 349690)" '≥' "$(rate communes 34969)"
  goal "communes: peak MB" "$(median communes 3)" '<' 150
  goal "ten times as many: peak MB" "$(median communes10 3)" '<' 150
  goal "1000 pages of 100 against 100 of 1000: times as long" "$(awk -v a="$(median small_pages 1)" -v b="$(median large_pages 1)" 'BEGIN { printf "%.2f", a / b }')" '≤' 2
}

report >"$work/report"
cat "$work/report"
if [ "${1:-}" = --update ]; then
  sed -i -e "/<!-- begin: bench\/run.sh -->/,/<!-- end -->/{//!d}" -e "/<!-- begin: bench\/run.sh -->/r $work/report" "$docs"
fi
exit $missed
