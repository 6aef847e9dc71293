# Sources: the simulators in other processes, into SQLite.
# shellcheck shell=bash disable=SC2154

prepare() {
  serve "$tidemark" simulate crm --port 0; crm=$address
  serve "$tidemark" simulate communes --port 0; communes=$address
  serve "$tidemark" simulate communes --scale 10 --port 0; communes10=$address
  cp -r "$root/recipes/crm" "$work/crm"
}

fresh() { # an empty database, in $DATABASE
  rm -f "$work"/bench.db*
  export DATABASE=sqlite:$work/bench.db
}

crm_day() { # the run after a day of changes; the first run is not measured
  fresh
  export CRM_URL=$crm CRM_DB=$DATABASE
  curl -fsS -X POST "$crm/_sim/reset" >/dev/null
  "$tidemark" run -c "$work/crm/tidemark.yaml" >"$work/out" 2>&1
  curl -fsS -X POST "$crm/_sim/advance?to=day" >/dev/null
  measure crm "$tidemark" run -c "$work/crm/tidemark.yaml"
}

communes() { # communes CASE ADDRESS PAGE_SIZE [OPTION…]
  fresh
  SOURCE_URL=$2 PAGE_SIZE=$3 measure "$1" "$tidemark" run -c "$pipelines/communes.yaml" "${@:4}"
}

run_once() {
  crm_day
  communes communes "$communes" 1000
  communes communes10 "$communes10" 1000
  communes small_pages "$communes10" 100 --limit 100000
  communes large_pages "$communes10" 1000 --limit 100000
}

report() {
  head_of_rows
  row crm "CRM, the run after a day of changes" 97
  row communes "communes from REST, 1000 a page" 34969
  row communes10 "ten times as many" 349690
  row large_pages "100 pages of 1000 records" 100000
  row small_pages "1000 pages of 100 records" 100000
  head_of_goals
  goal "CRM, the run after a day: seconds" "$(figure crm 1)" '<' 1.5
  goal "communes: seconds" "$(figure communes 1)" '<' 3
  goal "ten times as many: records/s" "$(rate communes10 349690)" '≥' "$(rate communes 34969)"
  goal "communes: peak MB" "$(figure communes 3)" '<' 150
  goal "ten times as many: peak MB" "$(figure communes10 3)" '<' 150
  goal "1000 pages of 100 against 100 of 1000: times as long" "$(ratio small_pages large_pages)" '≤' 2
}
