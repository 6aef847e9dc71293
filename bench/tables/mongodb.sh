# MongoDB: a file of JSON lines against the bare bulk calls of MongoDB's C driver, upserts by a unique key in both; and 17 000 KPIs in posts of 100 to tidemark serve, three times over, by the recipe kpi
# itself. The server is that of the tests: DocumentDB, without fsync, behind a gateway. ROWS changes how many lines; a million takes ten minutes a run.
# shellcheck shell=bash disable=SC2154
source "$root/bench/rows.sh"

rows=${ROWS:-1000000}

prepare() {
  make_rows
  head -"$rows" "$work/rows.jsonl" >"$work/mongodb.jsonl"
  build_benchmarks
  dotnet build "$root/tests/Tidemark.MongoGateway" -c Release -v quiet -nologo -p:RunAnalyzers=false >"$work/out" 2>&1 || { cat "$work/out" >&2; exit 2; }
  local documentdb=$root/tests/Tidemark.MongoGateway/documentdb.sh port
  "$documentdb" check || { "$documentdb" setup || exit 2; }
  mkdir "$work/kpi"
  cp "$root/recipes/kpi/tidemark.yaml" "$work/kpi/"
  until port=$((20000 + RANDOM % 12000)); ! (: >/dev/tcp/127.0.0.1/$port) 2>/dev/null; do :; done
  mkdir "$work/documentdb"
  "$documentdb" serve "$work/documentdb" "$port" >/dev/null 2>"$work/documentdb.log" </dev/null &
  children+=($!)
  until (: >/dev/tcp/127.0.0.1/$port) 2>/dev/null; do sleep 0.2; done
  # It ends with its standard input.
  mkfifo "$work/gateway.in"
  sleep infinity >"$work/gateway.in" &
  children+=($!)
  serve bash -c 'exec dotnet "$0" "$1" <"$2"' "$root/artifacts/bin/Tidemark.MongoGateway/release/Tidemark.MongoGateway.dll" "$port" "$work/gateway.in"
  mongodb=${address%/}
  gateway_log=$work/server.$((${#children[@]} - 1))
  mongodb_run=0
}

versions() { printf ', DocumentDB without fsync behind the gateway of the tests, libmongoc %s' "$(dpkg-query -W -f '${Version}' libmongoc-1.0-0 2>/dev/null || echo 2)"; }

chain() { # chain stores|users: as seed.sql makes them
  awk -v table="$1" 'BEGIN {
    for (s = 1; s <= 20; s++) {
      if (table == "stores") printf "{\"id\":\"store-%d\",\"name\":\"Store %d\"}\n", s, s
      else for (i = 1; i <= 100; i++) printf "{\"id\":\"seller-%d-%d\",\"store_id\":\"store-%d\",\"role\":\"seller\",\"name\":\"Seller %d\"}\n", s, i, s, i
    }
  }'
}

run_once() {
  local database=$mongodb/bench$((++mongodb_run))
  measure bare dotnet "$benchmarks" bulk "$database" "$work/mongodb.jsonl" 1000
  ROWS=$work/mongodb.jsonl DATABASE=$database measure mongodb_run "$tidemark" run -c "$pipelines/rows.yaml" --json
  grep -q "\"inserted\": *$rows" "$work/out" || { echo "not all rows were inserted:" >&2; cat "$work/out" >&2; exit 2; }
  local table
  for table in stores users; do (cd "$work" && chain "$table" | "$tidemark" save --to "$database" --table "$table" --key id >/dev/null 2>&1); done
  KPI_DB=$database serve "$tidemark" serve --json --urls http://127.0.0.1:0 -c "$work/kpi/tidemark.yaml"
  local url; url=$(sed -E 's/.*"urls":\["([^"]+)".*/\1/' <<<"$address")
  echo reset >"$work/gateway.in"
  local round
  for round in 1 2 3; do
    dotnet "$benchmarks" post "$url" "hundred$round" 170 100 1 >>"$work/mongodb_hundred.figures"
    awk '/^VmRSS/ { printf "%.1f\n", $2 / 1024 }' "/proc/${children[-1]}/status" >>"$work/mongodb_rss$round.figures"
  done
  echo times >"$work/gateway.in"
  until [[ $(tail -1 "$gateway_log") == *update* ]]; do sleep 0.05; done
  # Each round has 20 posts more, which are not measured.
  tail -1 "$gateway_log" | sed -E 's|.*"find":([0-9.]+).*"update":([0-9.]+).*|\1 \2|' | awk '{ printf "%.1f %.1f\n", $1 / 570, $2 / 570 }' >>"$work/mongodb_commands.figures"
  kill -TERM "${children[-1]}"
  wait "${children[-1]}" || { echo "the server ended with $?" >&2; exit 2; }
  unset 'children[-1]'
}

report() {
  printf '| whole process, start-up included | records | time | CPU time | records/s | peak memory |\n|---|--:|--:|--:|--:|--:|\n'
  local case
  for case in "bare|the driver's bulk calls, 1000 upserts each" "mongodb_run|Tidemark: first load"; do
    printf '| %s | %s | %.2f s | %.2f s | %s | %.0f MB |\n' "${case#*|}" "$(spaced "$rows")" "$(figure "${case%%|*}" 1)" "$(figure "${case%%|*}" 2)" "$(spaced "$(rate "${case%%|*}" "$rows")")" "$(figure "${case%%|*}" 3)"
  done
  printf '\nThree times 17 000 KPIs in posts of 100, one after the other: median %.1f ms, 99 %% in %.1f ms. Of the mean of %.1f ms DocumentDB took %.1f ms for the `update` of 100 and %.1f ms for the `find` of stores and users.\n' \
    "$(figure mongodb_hundred 1)" "$(figure mongodb_hundred 2)" "$(awk -v rate="$(figure mongodb_hundred 3)" 'BEGIN { print 100 * 1000 / rate }')" "$(figure mongodb_commands 2)" "$(figure mongodb_commands 1)"
  printf 'Memory of `tidemark serve` after each 17 000: %.0f, %.0f, %.0f MB.\n' "$(figure mongodb_rss1 1)" "$(figure mongodb_rss2 1)" "$(figure mongodb_rss3 1)"
  head_of_goals
  goal "the rate of the bare bulk calls, in %" "$(awk -v a="$(figure bare 1)" -v b="$(figure mongodb_run 1)" 'BEGIN { printf "%d", 100 * a / b }')" '≥' 60
  goal "100 KPIs: median ms" "$(figure mongodb_hundred 1)" '<' 25
  goal "51 000 KPIs: memory, as a share of that after 17 000" "$(awk -v a="$(figure mongodb_rss3 1)" -v b="$(figure mongodb_rss1 1)" 'BEGIN { printf "%.2f", a / b }')" '<' 1.1
  goal "answers other than 200" "$(awk '{ sum += $NF } END { print sum + 0 }' "$work/mongodb_hundred.figures")" '≤' 0
}
