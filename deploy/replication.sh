# Make the role that replicas read the primary's log as, or give it the password that is set now. Run again at each
# start; a primary that was there before its replicas needs nothing else.
set -eu
psql --host db --username coastguard --dbname coastguard --no-psqlrc --set ON_ERROR_STOP=1 \
    --set "password=${REPLICATION_PASSWORD:?set in .env}" <<'SQL'
SELECT 'CREATE ROLE replicator' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'replicator') \gexec
ALTER ROLE replicator REPLICATION LOGIN PASSWORD :'password';
SQL
