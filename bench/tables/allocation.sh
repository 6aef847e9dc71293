# What a record allocates on its way from a file through a typed batch into a new table: BenchmarkDotNet in one process, batches of 5000.
# shellcheck shell=bash disable=SC2154
source "$root/bench/postgresql.sh"

prepare() {
  start_postgresql
  sql postgres "CREATE DATABASE allocation"
  dotnet build "$root/bench/Tidemark.Benchmarks" -c Release -v quiet -nologo >"$work/out" || { cat "$work/out" >&2; exit 2; }
}

versions() { printf ', PostgreSQL %s, BenchmarkDotNet %s' "$(sql postgres 'SHOW server_version')" "$(sed -n 's/.*"BenchmarkDotNet" Version="\(.*\)".*/\1/p' "$root/Directory.Packages.props")"; }

run_once() {
  # One run measures five times.
  [ ! -d "$work/allocation" ] || return 0
  BENCH_POSTGRESQL=postgresql://postgres@127.0.0.1:$pg_port/allocation \
    dotnet "$root/artifacts/bin/Tidemark.Benchmarks/release/Tidemark.Benchmarks.dll" --filter '*.ReadAndBatch' '*WriteBenchmark*' --exporters json --artifacts "$work/allocation" >"$work/out" 2>&1 ||
    { cat "$work/out" >&2; exit 2; }
}

bytes() { # bytes WHAT: allocated for each operation, that is a record, of the benchmark whose name and parameters hold WHAT
  cat "$work"/allocation/results/*-report*.json | tr -d '\n\\' | sed 's/"FullName"/\n&/g' | grep -F "$1" | sed -n 's/.*"BytesAllocatedPerOperation": *\([0-9.]*\).*/\1/p' | head -1 | grep . ||
    { echo "the benchmark $1 gave no figure" >&2; exit 2; }
}

report() {
  local what
  printf '| bytes allocated for each record | |\n|---|--:|\n'
  for what in 'ReadAndBatch|file → batch' 'FirstLoad(Destination: "sqlite")|file → batch → SQLite' 'FirstLoad(Destination: "postgresql")|file → batch → PostgreSQL'; do
    printf '| %s | %s |\n' "${what#*|}" "$(bytes "${what%%|*}")"
  done
  head_of_goals
  goal "file → batch → SQLite: bytes a record" "$(bytes 'FirstLoad(Destination: "sqlite")')" '<' 50
  goal "file → batch → PostgreSQL: bytes a record" "$(bytes 'FirstLoad(Destination: "postgresql")')" '<' 50
}
