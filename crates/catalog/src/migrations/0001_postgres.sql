-- What a source says about an entity. The oldest claim on an entity is the one that counts; the
-- others wait, so that a conflict resolves itself when the first source lets go.
CREATE TABLE catalog_claims (
    id           BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    target_ref   TEXT NOT NULL,
    source       TEXT NOT NULL, -- `provider:<name>` or `entity:<entity ref>`
    part         TEXT NOT NULL, -- the location within the source that holds it; empty for providers
    location_key TEXT NOT NULL, -- empty for none
    entity       TEXT NOT NULL, -- JSON as handed over
    hash         TEXT NOT NULL,
    problems     TEXT NOT NULL, -- JSON list: what parsing found
    UNIQUE (source, part, target_ref)
);
CREATE INDEX catalog_claims_target ON catalog_claims (target_ref, id);

-- What was read of a location, part by part.
CREATE TABLE catalog_parts (
    source      TEXT NOT NULL,
    part        TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    problems    TEXT NOT NULL, -- JSON list
    PRIMARY KEY (source, part)
);

-- Small and often written; the large part is in `catalog_processed`.
CREATE TABLE catalog_entities (
    entity_ref     TEXT PRIMARY KEY,
    uid            TEXT NOT NULL,
    process_due    BIGINT NOT NULL, -- 0, or the number of the request to process it
    stitch_due     BIGINT NOT NULL, -- 0 or 1
    processed_hash TEXT NOT NULL,   -- of the last good result of processing; empty when there is none
    declared       TEXT NOT NULL,   -- JSON: the relations that it declares, at both of their ends
    problems       TEXT NOT NULL,   -- JSON list: what the last processing found
    tail           TEXT NOT NULL,   -- JSON members that end the final entity: relations, status
    etag           TEXT NOT NULL,   -- of the final entity; empty while there is none
    revision       BIGINT NOT NULL  -- of the last change to the final entity
);
CREATE INDEX catalog_entities_process ON catalog_entities (process_due) WHERE process_due > 0;
CREATE INDEX catalog_entities_stitch ON catalog_entities (stitch_due) WHERE stitch_due > 0;
CREATE INDEX catalog_entities_revision ON catalog_entities (revision);

-- The last good result of processing: the final entity without its uid, etag and tail.
CREATE TABLE catalog_processed (
    entity_ref   TEXT PRIMARY KEY,
    entity       TEXT NOT NULL,  -- JSON
    metadata_end BIGINT NOT NULL -- the byte at which `metadata` ends, where uid and etag belong
);

-- Relations that start at another entity than the one that declares them; an entity's own are in `declared`.
CREATE TABLE catalog_relations (
    source_ref TEXT NOT NULL,
    type       TEXT NOT NULL,
    target_ref TEXT NOT NULL,
    origin_ref TEXT NOT NULL, -- the entity that declares it
    PRIMARY KEY (source_ref, type, target_ref, origin_ref)
);

-- Removed entities, for those who follow the revisions.
CREATE TABLE catalog_removed (
    entity_ref TEXT PRIMARY KEY,
    uid        TEXT NOT NULL,
    revision   BIGINT NOT NULL
);
CREATE INDEX catalog_removed_revision ON catalog_removed (revision);

-- Counters and facts of the catalog as a whole.
CREATE TABLE catalog_state (
    key   TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);
INSERT INTO catalog_state (key, value) VALUES ('revision', 0), ('process_due', 0), ('pipeline', 0);
