-- What a published record takes: rows, indexes and log, of copies of the shipped ones. Nothing stays.
--     psql DATABASE -f bench/sizes.sql          (a PostgreSQL database with the fixtures loaded)
\set ON_ERROR_STOP on
\set copies 1000
BEGIN;
ALTER TABLE agreements_publication DISABLE TRIGGER USER;
ALTER TABLE agreements_publicationfacet DISABLE TRIGGER USER;
CREATE TEMPORARY TABLE before AS
SELECT relname, pg_table_size(oid) AS rows, pg_indexes_size(oid) AS indexes, pg_relation_size(oid) AS heap
FROM pg_class WHERE relname IN ('agreements_publication', 'agreements_publicationfacet');
CREATE TEMPORARY TABLE copied AS
SELECT p.id AS original, nextval(pg_get_serial_sequence('agreements_publication', 'id')) AS id,
    row_number() OVER () + (SELECT max(sequence) FROM agreements_publication) AS sequence, n
FROM agreements_publication p, generate_series(1, :copies) AS n
WHERE p.kind IN ('agreement', 'meeting', 'exercise') AND p.superseded_at IS NULL;

EXPLAIN (ANALYZE, WAL, COSTS OFF, TIMING OFF, SUMMARY OFF)
INSERT INTO agreements_publication (
    id, sequence, kind, slug, revision, state, body, published_at, author, approver, reason, successor, sha256, title,
    title_key, status, earliest, latest, date_certain, undated, date_key, series, ordinal, instrument, activity, level,
    wide, stands_for_many, disputed, search_text)
SELECT c.id, c.sequence, kind, left(slug, 90) || '-' || n, 1, state, body, published_at, author, approver, reason,
    successor, encode(sha256(c.sequence::text::bytea), 'hex'), title, left(n || title_key, 300), status, earliest, latest,
    date_certain, undated, date_key, '', NULL, instrument, activity, level, wide, stands_for_many, disputed, search_text
FROM copied c JOIN agreements_publication p ON p.id = c.original;

EXPLAIN (ANALYZE, WAL, COSTS OFF, TIMING OFF, SUMMARY OFF)
INSERT INTO agreements_publicationfacet (publication_id, facet, value, kind, undated, date_key, sequence)
SELECT c.id, facet, value, kind, undated, date_key, c.sequence FROM copied c JOIN agreements_publicationfacet f ON f.publication_id = c.original;

\pset footer off
SELECT (SELECT count(*) FROM copied) AS records,
    (SELECT avg(octet_length(body))::int FROM agreements_publication p JOIN copied c ON c.id = p.id) AS body_bytes;
SELECT b.relname AS "table",
    (pg_table_size(c.oid) - b.rows) / (SELECT count(*) FROM copied) AS "bytes of rows a record",
    (pg_relation_size(c.oid) - b.heap) / (SELECT count(*) FROM copied) AS "of them not in TOAST",
    (pg_indexes_size(c.oid) - b.indexes) / (SELECT count(*) FROM copied) AS "bytes of indexes a record"
FROM pg_class c JOIN before b USING (relname);
SELECT relname AS index, pg_relation_size(oid) / (SELECT count(*) FROM copied) AS "bytes a record"
FROM pg_class WHERE relkind = 'i' AND relname IN (
    SELECT indexname FROM pg_indexes WHERE tablename IN ('agreements_publication', 'agreements_publicationfacet'))
ORDER BY 2 DESC;
ROLLBACK;
