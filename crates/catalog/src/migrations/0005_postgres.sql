-- What happened to final entities, one row a change. That an entity came to be is not written here at first, because
-- a first load makes a million of them: the row of the entity says so until the next change moves it on.
CREATE TABLE catalog_history (
    id         BIGINT PRIMARY KEY,  -- the revision of the change
    at         BIGINT NOT NULL,     -- Unix time, ms
    type       TEXT NOT NULL,       -- `created`, `updated` or `deleted`
    entity_ref TEXT NOT NULL,
    uid        TEXT NOT NULL,
    source     TEXT NOT NULL,       -- the location that said so; empty when others did, through their relations
    diff       TEXT NOT NULL        -- JSON; empty for none
);
CREATE INDEX catalog_history_entity ON catalog_history (entity_ref, id);
CREATE INDEX catalog_history_deleted ON catalog_history (uid) WHERE type = 'deleted';

ALTER TABLE catalog_entities ADD COLUMN created_at BIGINT NOT NULL DEFAULT 0;        -- Unix time, ms; 0 when that was before this column
ALTER TABLE catalog_entities ADD COLUMN created_revision BIGINT NOT NULL DEFAULT -1; -- of the change that made it
CREATE INDEX catalog_entities_created ON catalog_entities (revision) WHERE revision = created_revision;

-- The own half that people see, while a newer one waits to be stitched.
ALTER TABLE catalog_processed ADD COLUMN former TEXT;

-- Whether changes are recorded, and the revision up to which they are forgotten.
INSERT INTO catalog_state (key, value) VALUES ('history', 1), ('history_from', 0);
