# Start PgBouncer, which finds passwords in a file only: it lies in memory, and is the container's own.
set -eu
umask 077
printf '"coastguard_web" "%s"\n"coastguard_reader" "%s"\n' "${WEB_PASSWORD:?set in .env}" \
    "${READER_PASSWORD:?set in .env}" >/run/pgbouncer/users.txt
exec pgbouncer --quiet /etc/pgbouncer/pgbouncer.ini
