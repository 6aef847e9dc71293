# Forecasts: what `tidemark plan` says of an import and what the import then takes, and the finish times that `tidemark monitor` sees while it runs. The recipe companies, on the real clock.
# Cases wait for their quota most of the time: they run side by side, once, one begun after the other.
# shellcheck shell=bash disable=SC2154

# A case: what goes before the plan, options of the plan, delay of the answers, reviews, name
forecast_cases='first    none    --probe-calls=5 0    false first run, planned by a probe of 5 calls
killed   killed  --probe-calls=5 0    false the rest of a run that was killed, planned by a probe of 5 calls
slow     limited -       0-3s false answers after 0 to 3 s, the rest of a run of 5000 records
reviewed limited -       0    true  reviews by a service that takes 2 to 5 s an answer, the rest of a run of 5000 records'

prepare() { :; }

each_forecast() { # each_forecast COMMAND: with the fields of each case
  local line
  while read -r -a line; do "$1" "${line[@]:0:5}" "${line[*]:5}"; done <<<"$forecast_cases"
}

tool() { # tool CASE ARGUMENT…: a command of the case's import
  local case=$1
  shift
  env "${settings[@]}" "$tidemark" "$@" -c "$work/$case/tidemark.yaml"
}

calls_of() { curl -fsS "$1/_sim/calls" | sed -E 's/.*"total":([0-9]+).*/\1/'; }

import() { # import CASE BEFORE OPTION DELAY REVIEWS …: in a process of its own
  local case=$1 address register reviews before calls run watch settings
  cp -r "$root/recipes/companies" "$work/$case"
  simulate_here "$case" sirene --limit 100 --interval 1m --delay "$4"
  register=$address
  settings=(COMPANIES_URL="$register" COMPANIES_PER_DAY=200000 COMPANIES_REVIEWS="$5")
  if $5; then
    simulate_here "$case.reviews" enrichment --rubbish 0%
    reviews=$address
    settings+=(REVIEWS_URL="$reviews")
  fi
  case $2 in
    limited) tool "$case" run --limit 5000 --allow partial ;;
    killed)
      env "${settings[@]}" "$tidemark" run -c "$work/$case/tidemark.yaml" &
      run=$!
      until [ "$(calls_of "$register")" -ge 60 ]; do sleep 0.1; done
      kill -KILL $run
      wait $run || true
      ;;
  esac
  if [ "$3" = - ]; then tool "$case" plan --json; else tool "$case" plan "$3" --json; fi >"$work/$case.plan"
  calls=$(calls_of "$register")
  tool "$case" monitor --every 1s --json >"$work/$case.looks" &
  watch=$!
  before=$EPOCHREALTIME
  tool "$case" run --allow partial
  awk -v a="$before" -v b="$EPOCHREALTIME" 'BEGIN { print b - a }' >"$work/$case.took"
  # A look after the end finds it complete.
  sleep 2
  kill -TERM "$(pgrep -P $watch || echo $watch)"
  wait $watch || true
  echo $(($(calls_of "$register") - calls)) >"$work/$case.made"
  kill "${servers[@]}"
}

simulate_here() { # simulate_here NAME API OPTION…: as serve does, for a process beside others
  "$tidemark" simulate "${@:2}" --port 0 >"$work/$1.server" &
  servers+=($!)
  until [ -s "$work/$1.server" ]; do
    kill -0 $! || { echo "simulate ${*:2} did not start" >&2; exit 2; }
    sleep 0.05
  done
  address=$(head -1 "$work/$1.server")
}

begin_import() {
  (
    servers=()
    trap 'kill "${servers[@]}" 2>/dev/null || true' EXIT
    import "$@" >"$work/$1.out" 2>&1
  ) &
  children+=($!)
  waited[$!]=$1
}

# So that they do not begin together, when they need the processors.
begin_import_later() { begin_import "$@"; sleep 8; }

run_once() {
  [ ! -f "$work/first.took" ] || return 0
  local -A waited=()
  local id
  each_forecast begin_import_later
  for id in "${!waited[@]}"; do wait "$id" || { cat "$work/${waited[$id]}.out" >&2; exit 2; }; done
}

planned() { sed -E "s/.*\"$2\":([0-9]+).*/\1/" "$work/$1.plan"; } # planned CASE FIELD: the last one, which is that of all streams

took() { cat "$work/$1.took"; }

planned_error() { awk -v a="$(planned "$1" duration_ms)" -v b="$(took "$1")" 'BEGIN { printf "%.1f", 100 * (a / 1000 - b) / b }'; }

shown_error() { grep '"type":"summary"' "$work/$1.looks" | sed -E 's/.*"forecast_error_percent":(-?[0-9.]+).*/\1/'; }

forecast_row() {
  printf '| %s | %s | %s | %.1f s | %.1f s | %s %% | %s %% |\n' "$6" "$(planned "$1" calls)" "$(cat "$work/$1.made")" \
    "$(awk -v ms="$(planned "$1" duration_ms)" 'BEGIN { print ms / 1000 }')" "$(took "$1")" "$(planned_error "$1")" "$(shown_error "$1")"
}

calls_amiss() { awk -v a="$(planned "$1" calls)" -v b="$(cat "$work/$1.made")" 'BEGIN { print (a > b ? a - b : b - a) }'; }

forecast_goals() {
  goal "$6: calls amiss" "$(calls_amiss "$1")" '≤' 0
  goal "$6: % amiss of the plan's duration" "$(planned_error "$1" | tr -d -)" '≤' 5
  goal "$6: % amiss of the finish times shown" "$(shown_error "$1" | tr -d -)" '≤' 10
}

report() {
  printf '| import of 34 969 records in 98 slices, 100 calls a minute | calls planned | calls made | time planned | time | amiss | the worst finish time shown from 20 %% on |\n|---|--:|--:|--:|--:|--:|--:|\n'
  each_forecast forecast_row
  head_of_goals
  each_forecast forecast_goals
}
