# Start PgBouncer, which finds passwords in a file only: it lies in memory, and is the container's own.
set -eu
umask 077
printf '"coastguard" "%s"\n' "${POSTGRES_PASSWORD:?set in .env}" >/run/pgbouncer/users.txt
exec pgbouncer --quiet /etc/pgbouncer/pgbouncer.ini
