-- Entities that are not visible yet are no change.
DROP INDEX catalog_entities_revision;
CREATE INDEX catalog_entities_revision ON catalog_entities (revision) WHERE revision > 0;
