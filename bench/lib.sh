# What the tables of bench/run.sh share: a directory of the run's own, measured processes, figures, goals.
# shellcheck shell=bash disable=SC2034,SC2154

missed=0
children=()

start() { # start: builds, and makes $work, which goes at the end with all that was started
  if ! command -v /usr/bin/time >/dev/null; then install time; fi
  work=$(mktemp -d)
  trap cleanup EXIT
  # What is measured is what is released; where its compiler can't be had, what the sources give by themselves.
  if ! tidemark=$("$root/publish.sh" 2>"$work/publish.log"); then
    echo "measuring without ahead-of-time compilation: $(tail -1 "$work/publish.log")" >&2
    tidemark=$root/tidemark
    "$tidemark" --version >/dev/null
  fi
  # The store of a pipeline lies beside its file.
  cp -r "$root/bench/pipelines" "$work/pipelines"
  pipelines=$work/pipelines
}

cleanup() {
  stop_postgresql
  [ ${#children[@]} -eq 0 ] || kill "${children[@]}" 2>/dev/null || true
  wait 2>/dev/null || true
  rm -rf "$work"
}

stop_postgresql() { :; } # bench/postgresql.sh has the real one

install() { # install PACKAGE…
  echo "installing $*" >&2
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "$@" >/dev/null
}

serve() { # serve COMMAND…: starts a server that prints its address as its first line; the address is in $address
  local log=$work/server.${#children[@]}
  # Emptied here: one that was left from before would be read as this one's.
  : >"$log"
  "$@" >>"$log" &
  children+=($!)
  until [ -s "$log" ]; do
    kill -0 $! || { echo "$* did not start" >&2; exit 2; }
    sleep 0.05
  done
  address=$(head -1 "$log")
}

build_benchmarks() { # bench/Tidemark.Benchmarks; its assembly is in $benchmarks
  benchmarks=$root/artifacts/bin/Tidemark.Benchmarks/release/Tidemark.Benchmarks.dll
  dotnet build "$root/bench/Tidemark.Benchmarks" -c Release -v quiet -nologo -p:RunAnalyzers=false >"$work/out" 2>&1 || { cat "$work/out" >&2; exit 2; }
}

measure() { # measure CASE COMMAND…: one run; a line "wall cpu MiB server_cpu" goes to the case's figures
  local case=$1 before
  shift
  before=$(server_cpu)
  /usr/bin/time -f '%e %U %S %M' -o "$work/time" "$@" >"$work/out" 2>&1 || { cat "$work/out" >&2; exit 2; }
  awk -v before="$before" -v after="$(server_cpu)" '{ printf "%s %.2f %.1f %.2f\n", $1, $2 + $3, $4 / 1024, after - before }' "$work/time" >>"$work/$case.figures"
}

server_cpu() { echo 0; } # seconds so far; bench/postgresql.sh has the real one

figure() { # figure CASE COLUMN: the median; the columns are those of measure
  cut -d' ' -f"$2" "$work/$1.figures" | sort -n | awk '{ v[NR] = $1 } END { print NR % 2 ? v[(NR + 1) / 2] : (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

ratio() { awk -v a="$(figure "$1" 1)" -v b="$(figure "$2" 1)" 'BEGIN { printf "%.2f", a / b }'; } # ratio CASE CASE: how many times as long

rate() { awk -v n="$2" -v s="$(figure "$1" 1)" 'BEGIN { printf "%d", n / s }'; } # rate CASE RECORDS: records a second

spaced() { sed -E ':a; s/([0-9])([0-9]{3})($| )/\1 \2\3/; ta' <<<"$1"; } # 1000000: 1 000 000

machine() {
  printf 'Median of %s runs on %s: %s, %s CPUs, %s, .NET %s' "$runs" "$(date -u +%Y-%m-%d)" "$(awk -F': ' '/^model name/ { print $2; exit }' /proc/cpuinfo)" \
    "$(nproc)" "$(uname -sm)" "$(dotnet --list-runtimes | awk '/^Microsoft.NETCore.App 10/ { v = $2 } END { print v }')"
  versions
  printf '.\n\n'
}

head_of_rows() { # head_of_rows [COLUMN]: the head of the table that row fills; COLUMN: the CPU time of the server
  printf '| whole process, start-up included | records | time | CPU time |%s records/s | peak memory |\n|---|--:|--:|--:|%s--:|--:|\n' "${1:+ $1 |}" "${1:+--:|}"
}

row() { # row CASE NAME RECORDS [server]
  local rate=– server=
  [ "$3" -lt 1000 ] || rate=$(spaced "$(awk -v n="$(rate "$1" "$3")" 'BEGIN { print int(n / 1000) * 1000 }')")
  [ "${4:-}" = "" ] || server=$(printf ' %.2f s |' "$(figure "$1" 4)")
  printf '| %s | %s | %.2f s | %.2f s |%s %s | %.0f MB |\n' "$2" "$(spaced "$3")" "$(figure "$1" 1)" "$(figure "$1" 2)" "$server" "$rate" "$(figure "$1" 3)"
}

head_of_goals() { printf '\n| goal | | found | |\n|---|--:|--:|---|\n'; }

goal() { # goal NAME FOUND RELATION EXPECTED
  local met=met
  awk -v a="$2" -v b="$4" -v r="$3" 'BEGIN { exit !(a != "" && (r == "<" ? a < b : r == "≤" ? a <= b : a >= b)) }' || { met='**not met**'; missed=1; }
  printf '| %s | %s %s | %s | %s |\n' "$1" "$3" "$4" "$2" "$met"
}
