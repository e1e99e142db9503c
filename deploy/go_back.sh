#!/bin/sh
# Puts a base backup in the place of a database, which its server then brings to a moment from the log that was kept:
# go_back.sh BASE TARGET [ARCHIVE [DATA]], with the server stopped and as the user that it runs as (docs/backup.md).
#
# BASE is a folder in ARCHIVE, TARGET a line such as "recovery_target_time = '2026-11-30 14:03:00+00'". The files that were
# there are kept in ARCHIVE: they may hold the last minute. No log is kept until `ALTER SYSTEM RESET ALL` and a restart.
set -eu
base=$1 target=$2 archive=${3:-/archive} data=${4:-${PGDATA:-/var/lib/postgresql/data}}

if [ ! -s "$archive/$base/PG_VERSION" ]; then
    echo "There is no base backup at $archive/$base." >&2
    exit 2
fi
if [ -e "$data/postmaster.pid" ]; then
    echo "A server is at work in $data, or was killed there: stop it, and remove postmaster.pid." >&2
    exit 2
fi
umask 077
mkdir -p "$data"
if [ -n "$(ls -A "$data")" ]; then
    left=$archive/left-$(date -u +%Y%m%dT%H%M%SZ)
    mkdir "$left"
    find "$data" -mindepth 1 -maxdepth 1 -exec mv -- {} "$left" \;
    echo "What was in $data is in $left."
fi
cp --archive -- "$archive/$base/." "$data"
printf '%s\n' "restore_command = 'cp \"$archive/%f\" \"%p\"'" "$target" 'recovery_target_action = promote' \
    'archive_mode = off' >>"$data/postgresql.auto.conf"
: >"$data/recovery.signal"
echo "Start the server: it goes back."
