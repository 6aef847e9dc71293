# A PostgreSQL server of the run's own: a private cluster in $work on a free port of 127.0.0.1, with the default settings, fsync on among them.
# shellcheck shell=bash disable=SC2154

start_postgresql() { # once, for all tables that need it
  [ -z "${pg_port:-}" ] || return 0
  compgen -G "/usr/lib/postgresql/*/bin/initdb" >/dev/null || install postgresql
  pg_bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -1)
  pg_data=$work/postgresql/data
  until pg_port=$((20000 + RANDOM % 12000)); ! (: >/dev/tcp/127.0.0.1/$pg_port) 2>/dev/null; do :; done
  mkdir "$work/postgresql"
  if [ "$(id -u)" = 0 ]; then
    # The server refuses root.
    chmod o+x "$work"
    chown postgres "$work/postgresql"
    as_postgres=(setpriv --reuid=postgres --regid=postgres --clear-groups)
  else
    as_postgres=(env)
  fi
  (cd / && "${as_postgres[@]}" "$pg_bin/initdb" -D "$pg_data" -A trust -U postgres -E UTF8 --no-locale >/dev/null)
  (cd / && "${as_postgres[@]}" "$pg_bin/pg_ctl" -D "$pg_data" -l "$work/postgresql/log" -o "-p $pg_port -k $work/postgresql -c listen_addresses=127.0.0.1" -w start >/dev/null) ||
    { cat "$work/postgresql/log" >&2; exit 2; }
}

stop_postgresql() {
  [ ! -f "${pg_data:-}/postmaster.pid" ] || (cd / && "${as_postgres[@]}" "$pg_bin/pg_ctl" -D "$pg_data" -m immediate -w stop >/dev/null)
}

psql_command() { # psql_command DATABASE: the words of a psql that reads no file of the user's and stops at an error, in $psql
  psql=("$pg_bin/psql" -X -q -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$pg_port" -U postgres -d "$1")
}

sql() { # sql DATABASE STATEMENT…: each in a transaction of its own; rows as plain lines
  psql_command "$1"
  shift
  PGOPTIONS="-c client_min_messages=warning" "${psql[@]}" -At "${@/#/-c}"
}

server_cpu() { # of the server and all its processes, in seconds, once those that served a client have ended: their share is in the second half of the main one's line
  local main pids; main=$(head -1 "$pg_data/postmaster.pid")
  while sleep 0.02; pids=$(cat "/proc/$main/task/$main/children"); grep -qas 127.0.0.1 $(printf '/proc/%s/cmdline ' $pids); do :; done
  { cat "/proc/$main/stat"; cat $(printf '/proc/%s/stat ' $pids) 2>/dev/null || true; } | sed 's/.*) //' |
    awk -v hertz="$(getconf CLK_TCK)" 'NR == 1 { ticks = $14 + $15 } { ticks += $12 + $13 } END { printf "%.2f", ticks / hertz }'
}
