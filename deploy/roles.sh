# Make the roles that the service and readers work with, or give them the passwords that are set now. What they may
# do is given by every migrate (WEB_ROLE, READER_ROLE). Run again at each start.
set -eu
psql --host db --username coastguard --dbname coastguard --no-psqlrc --set ON_ERROR_STOP=1 \
    --set "web=${WEB_PASSWORD:?set in .env}" --set "reader=${READER_PASSWORD:?set in .env}" <<'SQL'
SELECT format('CREATE ROLE %I', name) FROM unnest(ARRAY['coastguard_web', 'coastguard_reader']) AS name
WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
ALTER ROLE coastguard_web LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'web';
ALTER ROLE coastguard_reader LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS PASSWORD :'reader';
SQL
