#!/usr/bin/env bash
# DocumentDB, the server of the tests of MongoDB: PostgreSQL 18 with an extension that Debian has from forky on, in a directory of its own (chroot), 650 MB outside the repository.
#
#   documentdb.sh setup                  makes it, if it isn't there: about a minute, as root, from the mirror that apt is configured with
#   documentdb.sh check                  code 0 if it is there; otherwise says why not
#   documentdb.sh serve DIRECTORY PORT   runs PostgreSQL on 127.0.0.1:PORT with its data in DIRECTORY, made at the first start, until it is stopped by a signal
#   documentdb.sh run FOLDER COMMAND…    runs a command in there, where MongoDB's C driver is of version 2: FOLDER is /mnt, and /tmp is empty
set -euo pipefail

suite=forky
# Raised when what this script makes has changed: an older set-up is then left alone and a new one made.
revision=2
cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/tidemark-tests
whole=$cache/documentdb-$suite-$revision
refusal=$whole.refused
server=/usr/lib/postgresql/18/bin
template=/var/lib/documentdb-template

refuse() {
  echo "DocumentDB is not set up: $1" | tee "$refusal" >&2
  exit 3
}

within() { LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot "$@"; }

find_mirror() { apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Label: Debian' 'Component: main' | sed -n 1p; }

# Data to copy for each start: a copy is faster than initdb and 'create extension'.
make_template() {
  within "$root" install -d -o postgres -m 700 "$template" &&
    within --userspec=postgres "$root" "$server/initdb" -D "$template" -A trust -U postgres -E UTF8 --locale=C.UTF-8 &&
    cat >>"$root$template/postgresql.conf" <<'CONF' &&
listen_addresses = '127.0.0.1'
unix_socket_directories = ''
dynamic_shared_memory_type = mmap
max_connections = 200
shared_preload_libraries = 'pg_cron,pg_documentdb_core,pg_documentdb'
CONF
    within --userspec=postgres "$root" "$server/pg_ctl" -D "$template" -w -o "-k /tmp -c listen_addresses= -c fsync=off" -l /tmp/log start &&
    { within --userspec=postgres "$root" "$server/psql" -h /tmp -U postgres -qc "create extension documentdb cascade" || { cat "$root/tmp/log" && false; }; } &&
    within --userspec=postgres "$root" "$server/pg_ctl" -D "$template" -w -m fast stop
}

# Runs in a mount namespace of its own, so that nothing stays mounted whatever happens.
make() {
  local log=$whole.log mirror
  # What was killed while it was made: nobody else makes one now.
  rm -rf --one-file-system "$cache"/making-*
  root=$(mktemp -d "$cache/making-XXXXXX")
  trap 'umount -R "$root/proc" 2>/dev/null || true; rm -rf --one-file-system "$root"' EXIT
  chmod 755 "$root"
  command -v debootstrap >/dev/null || { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends debootstrap; } >"$log" 2>&1 ||
    refuse "debootstrap cannot be installed: $(tail -n 1 "$log") (all of it in $log)"
  mirror=$(find_mirror)
  # apt knows whose mirror it is once it has its lists.
  [ -n "$mirror" ] || { apt-get update -qq >"$log" 2>&1 && mirror=$(find_mirror); } || true
  [ -n "$mirror" ] || refuse "apt is configured with no mirror of Debian"
  eval "$(apt-config shell http_proxy Acquire::http::Proxy)"
  [ -z "${http_proxy:-}" ] || export http_proxy
  # The releases differ in nothing that debootstrap has to know, and it may be older than this one.
  debootstrap --variant=minbase "$suite" "$root" "$mirror" /usr/share/debootstrap/scripts/sid >"$log" 2>&1 || refuse "debootstrap failed: $(tail -n 1 "$log") (all of it in $log)"
  mount -t proc proc "$root/proc" || refuse "mounting is not allowed here"
  # A mirror's index may be older than its date allows; its signature is checked all the same.
  echo 'Acquire::Check-Valid-Until "false";' >"$root/etc/apt/apt.conf.d/tests"
  printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
  chmod +x "$root/usr/sbin/policy-rc.d"
  mkdir -p "$root/etc/postgresql-common"
  echo "create_main_cluster = false" >"$root/etc/postgresql-common/createcluster.conf"
  { within "$root" apt-get update -qq && within "$root" apt-get install -y -qq --no-install-recommends postgresql-18-documentdb libmongoc2-2 && within "$root" apt-get clean; } >>"$log" 2>&1 ||
    refuse "postgresql-18-documentdb and libmongoc2-2 cannot be installed: $(tail -n 1 "$log") (all of it in $log)"
  rm -rf "$root"/var/lib/apt/lists/* "$root"/usr/share/doc "$root"/usr/share/man
  make_template >>"$log" 2>&1 || refuse "its PostgreSQL did not start: $(tail -n 1 "$log") (all of it in $log)"
  umount "$root/proc"
  mv -T "$root" "$whole"
  rm -f "$refusal" "$log"
}

case "${1:-}" in
  setup)
    mkdir -p "$cache"
    [ "$(id -u)" -eq 0 ] || refuse "this has to run as root"
    exec 9>"$cache/documentdb.lock"
    flock 9
    [ -d "$whole" ] && exit 0
    command -v apt-get >/dev/null || refuse "this is no Debian"
    unshare -m true 2>/dev/null || refuse "mounting is not allowed here"
    exec unshare -m "$BASH" "$0" make
    ;;
  make) make ;;
  check)
    if [ ! -d "$whole" ]; then
      cat "$refusal" 2>/dev/null || echo "DocumentDB is not set up: run ./test.sh, or $0 setup, as root"
      exit 3
    fi
    [ "$(id -u)" -eq 0 ] || { echo "DocumentDB runs in a chroot: run the tests as root"; exit 3; }
    ;;
  serve)
    "$BASH" "$0" check >&2
    # fsync helps against a power cut only, and cron would build indexes in the background, which nobody asks for. Plans: one that was made for an empty table must not be kept for
    # a full one, and an upsert's search for its key must not read the whole table, as the planner thinks cheapest until it has statistics: bitmaps of the right index are left.
    # A deadlock is to cost no second. The rest is as MongoDB has it: commands of 100 000 items, and a count that counts.
    settings="-c fsync=off -c cron.launch_active_jobs=off -c plan_cache_mode=force_custom_plan -c enable_seqscan=off -c enable_indexscan=off -c deadlock_timeout=10ms"
    settings+=" -c documentdb.maxWriteBatchSize=100000 -c documentdb.use_pg_stats_live_tuples_for_count=off"
    # Each 'exec' keeps the process: what is started here is PostgreSQL in the end, and signals reach it.
    exec unshare -m sh -euc '
      mount --bind "$2" "$1/mnt"
      mount -t proc proc "$1/proc"
      mount --rbind /dev "$1/dev"
      [ -e "$2/data" ] || { chmod 755 "$2"; chroot "$1" cp -a "$4" /mnt/making; mv "$2/making" "$2/data"; }
      exec env -i LC_ALL=C.UTF-8 PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot --userspec=postgres "$1" "$5/postgres" -D /mnt/data -p "$3" $6
      ' sh "$whole" "$(realpath "$2")" "$3" "$template" "$server" "$settings"
    ;;
  run)
    "$BASH" "$0" check >&2
    exec unshare -m sh -euc '
      root=$1
      mount --bind "$2" "$root/mnt"
      mount -t proc proc "$root/proc"
      mount --rbind /dev "$root/dev"
      mount -t tmpfs tmpfs "$root/tmp"
      shift 2
      exec env -i LC_ALL=C.UTF-8 HOME=/tmp PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot "$root" "$@"
      ' sh "$whole" "$(realpath "$2")" "${@:3}"
    ;;
  *)
    sed -n '2,/^set /{/^#/p}' "$0" >&2
    exit 2
    ;;
esac
