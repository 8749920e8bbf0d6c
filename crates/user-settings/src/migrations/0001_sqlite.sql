-- What people keep for themselves. The names are those of Backstage's table.
CREATE TABLE user_settings (
    user_entity_ref TEXT NOT NULL,
    bucket          TEXT NOT NULL,
    key             TEXT NOT NULL,
    value           TEXT NOT NULL, -- JSON
    PRIMARY KEY (user_entity_ref, bucket, key)
);
