-- What is due, as queues that are only appended to: two requests for one entity never wait for each other,
-- and a request that comes while an earlier one is being worked on is a row of its own.
CREATE TABLE catalog_to_process (
    id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    entity_ref TEXT NOT NULL
);
CREATE TABLE catalog_to_stitch (
    id         BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    entity_ref TEXT NOT NULL
);
INSERT INTO catalog_to_process (entity_ref) SELECT entity_ref FROM catalog_entities WHERE process_due > 0 ORDER BY process_due;
INSERT INTO catalog_to_stitch (entity_ref) SELECT entity_ref FROM catalog_entities WHERE stitch_due > 0;
DROP INDEX catalog_entities_process;
DROP INDEX catalog_entities_stitch;
ALTER TABLE catalog_entities DROP COLUMN process_due;
ALTER TABLE catalog_entities DROP COLUMN stitch_due;
DELETE FROM catalog_state WHERE key = 'process_due';

-- The entities that name locations to be read. A read is asked for by adding one to `requested`.
CREATE TABLE catalog_reads (
    entity_ref TEXT PRIMARY KEY,
    requested  BIGINT NOT NULL,
    done       BIGINT NOT NULL, -- the request that was answered last
    holder     TEXT NOT NULL,    -- who reads it now
    until      BIGINT NOT NULL, -- how long others leave it to the holder (Unix time, ms)
    problems   TEXT NOT NULL     -- JSON list: what is wrong with its locations as a whole
);
CREATE INDEX catalog_reads_due ON catalog_reads (until) WHERE requested > done;
INSERT INTO catalog_reads (entity_ref, requested, done, holder, until, problems)
    SELECT DISTINCT substr(source, 8), 1, 0, '', 0, '[]' FROM catalog_parts WHERE source LIKE 'entity:%';

-- Who of several processes does what only one of them does at a time.
CREATE TABLE catalog_leases (
    name   TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    until  BIGINT NOT NULL -- Unix time, ms
);

-- Since when a source claims (Unix time, ms); 0 when that was before this column.
ALTER TABLE catalog_claims ADD COLUMN claimed_at BIGINT NOT NULL DEFAULT 0;

-- Counts removals: they happen one after the other.
INSERT INTO catalog_state (key, value) VALUES ('releases', 0);

-- Entities that several sources claim.
CREATE TABLE catalog_conflicts (target_ref TEXT PRIMARY KEY);
INSERT INTO catalog_conflicts (target_ref) SELECT target_ref FROM catalog_claims GROUP BY target_ref HAVING COUNT(*) > 1;

-- What is wrong is looked up each time a location is put together, and there is little of it.
CREATE INDEX catalog_parts_problems ON catalog_parts (source, part) WHERE problems <> '[]';
CREATE INDEX catalog_entities_unborn ON catalog_entities (entity_ref) WHERE processed_hash = '' AND problems <> '[]';
