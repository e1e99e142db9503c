# Start a streaming replica; the first time, copy the primary. What it needs of the log is held back for it from then
# on by a slot. To make one anew: stop it, remove its volume, start it.
set -eu
: "${PGPASSWORD:?set REPLICATION_PASSWORD in .env}"
chmod 700 "$PGDATA"
# A copy that broke off has no such file: it comes last.
if [ ! -e "$PGDATA/copied" ]; then
    find "$PGDATA" -mindepth 1 -delete
    psql --host db --username replicator --dbname postgres --no-psqlrc --set ON_ERROR_STOP=1 --set "slot=$SLOT" <<'SQL'
SELECT pg_create_physical_replication_slot(:'slot', true)
WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = :'slot');
SQL
    pg_basebackup --host db --username replicator --pgdata "$PGDATA" --checkpoint=fast \
        --wal-method=stream --slot "$SLOT" --write-recovery-conf
    touch "$PGDATA/copied"
fi
exec postgres -c config_file=/etc/postgresql/postgresql.conf -c hba_file=/etc/postgresql/pg_hba.conf
