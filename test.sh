#!/usr/bin/env bash
# Everything that has to pass: restores as locked, builds with warnings as errors, runs every test. The last line counts them.
set -uo pipefail
cd "$(dirname "$0")"
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

if ! command -v dotnet >/dev/null 2>&1; then
  echo "test.sh: the .NET SDK 10 is missing: https://dotnet.microsoft.com/download/dotnet/10.0" >&2
  exit 2
fi
# What the tests run beside .NET, from Debian's packages. Their services stay off: each test starts servers of its own.
missing=()
compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || missing+=(postgresql)
[ -x /usr/sbin/pgbouncer ] || missing+=(pgbouncer)
for program in sqlite3 openssl; do command -v "$program" >/dev/null 2>&1 || missing+=("$program"); done
compgen -G "/usr/lib/*/libmongoc-1.0.so.0" >/dev/null || compgen -G "/usr/lib/*/libmongoc2.so.2" >/dev/null || missing+=(libmongoc-1.0-0)
if [ "${#missing[@]}" -gt 0 ]; then
  if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
    echo "test.sh: missing: ${missing[*]}; install these packages, or run this once as root on Debian" >&2
    exit 2
  fi
  mkdir -p /etc/postgresql-common
  [ -e /etc/postgresql-common/createcluster.conf ] || echo "create_main_cluster = false" >/etc/postgresql-common/createcluster.conf
  policy=/usr/sbin/policy-rc.d
  [ -e "$policy" ] && policy= || { printf '#!/bin/sh\nexit 101\n' >"$policy" && chmod +x "$policy"; }
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
  installed=$?
  [ -z "$policy" ] || rm -f "$policy"
  [ "$installed" -eq 0 ] || { echo "test.sh: apt-get could not install ${missing[*]}" >&2; exit 2; }
fi

# MongoDB's tests are skipped where their server cannot be set up, and those of its driver for Node.js where that is not to be had.
tests/Tidemark.MongoGateway/documentdb.sh setup || echo "test.sh: MongoDB's tests will be skipped" >&2
if command -v npm >/dev/null 2>&1; then
  (
    cd tests/Tidemark.MongoGateway/node
    [ node_modules/.package-lock.json -nt package-lock.json ] || npm ci --omit=optional --no-audit --no-fund --silent
  ) || echo "test.sh: MongoDB's driver for Node.js could not be installed" >&2
fi

dotnet restore --locked-mode -v quiet || exit 1
dotnet build -c Release --no-restore -v quiet -nologo || exit 1
# The tests of the whole tool try what is released. They start it a thousand times, and it starts sooner than what was just built.
if [ $# -eq 0 ]; then TIDEMARK_PUBLISHED=$(./publish.sh) && export TIDEMARK_PUBLISHED || exit 1; fi

results=$(mktemp -d)
status=0
for project in tests/*/*.csproj; do
  name=$(basename "$project" .csproj)
  dotnet test "$project" -c Release --no-build -nologo --logger "trx;LogFileName=$name.trx" --results-directory "$results" "$@" || status=1
done

count() { grep -ho "<Counters [^>]*" "$results"/*.trx | grep -o " $1=\"[0-9]*\"" | tr -dc '0-9\n' | awk '{ sum += $1 } END { print sum + 0 }'; }
passed=$(count passed) failed=$(count failed) total=$(count total)
skipped=$((total - passed - failed))
rm -rf "$results"
[ "$passed" -gt 0 ] || { echo "no test ran" >&2; status=1; }
if [ "$skipped" -gt 0 ]; then echo "$passed passed, $failed failed, $skipped skipped"; else echo "$passed passed, $failed failed"; fi
exit $status
