-- Locations that people registered. Each is claimed as a Location entity by `provider:registered-locations`.
CREATE TABLE catalog_locations (
    id         TEXT PRIMARY KEY,
    type       TEXT NOT NULL,
    target     TEXT NOT NULL,
    entity_ref TEXT NOT NULL UNIQUE, -- the Location entity; it keeps its name when the target changes
    presence   TEXT NOT NULL,        -- `required` or `optional`; empty when not said
    UNIQUE (type, target)
) WITHOUT ROWID;
