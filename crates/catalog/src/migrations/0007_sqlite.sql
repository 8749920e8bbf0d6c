-- There is one writer, so an entity that waits to be put together needs to wait once only.
CREATE TABLE catalog_to_stitch_once (
    id         INTEGER PRIMARY KEY,
    entity_ref TEXT NOT NULL UNIQUE
);
INSERT INTO catalog_to_stitch_once (entity_ref)
    SELECT entity_ref FROM catalog_to_stitch GROUP BY entity_ref ORDER BY MIN(id);
DROP TABLE catalog_to_stitch;
ALTER TABLE catalog_to_stitch_once RENAME TO catalog_to_stitch;

-- Entities that are not visible yet are no change.
DROP INDEX catalog_entities_revision;
CREATE INDEX catalog_entities_revision ON catalog_entities (revision) WHERE revision > 0;
