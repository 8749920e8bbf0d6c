-- When locations that nothing watches are looked at again (Unix time, ms); 0 for never.
ALTER TABLE catalog_reads ADD COLUMN again BIGINT NOT NULL DEFAULT 0;
CREATE INDEX catalog_reads_again ON catalog_reads (again) WHERE again > 0;

-- What entities name besides locations, such as the text behind a placeholder: read once for all who name it.
CREATE TABLE catalog_documents (
    address      TEXT NOT NULL,   -- `file:/srv/api.yaml`, `url:https://example.com/api.yaml`
    root         TEXT NOT NULL,   -- the folder that a file has to lie in; empty for others
    fingerprint  TEXT NOT NULL,   -- changes whenever the content may have changed
    content      TEXT NOT NULL,   -- the last good one
    content_hash TEXT NOT NULL,   -- empty while there was no good one
    problem      TEXT NOT NULL,   -- JSON: why it cannot be read now; empty when it can
    hash         TEXT NOT NULL,   -- of content and problem; empty until it was read for the first time
    requested    BIGINT NOT NULL, -- as in `catalog_reads`
    done         BIGINT NOT NULL,
    holder       TEXT NOT NULL,
    until        BIGINT NOT NULL,
    again        BIGINT NOT NULL,
    PRIMARY KEY (address, root)
);
CREATE INDEX catalog_documents_due ON catalog_documents (until) WHERE requested > done;
CREATE INDEX catalog_documents_again ON catalog_documents (again) WHERE again > 0;

-- What entities depend on besides what their source says, in the words of refresh keys.
CREATE TABLE catalog_refresh_keys (
    entity_ref  TEXT NOT NULL,
    key         TEXT NOT NULL,
    root        TEXT NOT NULL,   -- as in `catalog_documents`
    is_document BIGINT NOT NULL, -- 1 when the key is the address of a document that is read for the entity
    PRIMARY KEY (entity_ref, key, root)
);
CREATE INDEX catalog_refresh_keys_key ON catalog_refresh_keys (key, root);

-- Which locations lead to an address of the web.
CREATE INDEX catalog_parts_url ON catalog_parts (part) WHERE substr(part, 1, 4) = 'url:';
