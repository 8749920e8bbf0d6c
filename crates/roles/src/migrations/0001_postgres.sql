-- Roles that were made over the API. A role's name is its full reference.
CREATE TABLE roles (
    name TEXT PRIMARY KEY,
    description TEXT NOT NULL,
    owner TEXT NOT NULL,
    author TEXT NOT NULL,
    modified_by TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    modified_at BIGINT NOT NULL
);

CREATE TABLE role_members (
    role TEXT NOT NULL,
    member TEXT NOT NULL,
    PRIMARY KEY (role, member)
);

CREATE TABLE role_policies (
    role TEXT NOT NULL,
    permission TEXT NOT NULL,
    action TEXT NOT NULL,
    effect TEXT NOT NULL,
    PRIMARY KEY (role, permission, action, effect)
);

CREATE TABLE role_conditions (
    id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    role TEXT NOT NULL,
    plugin_id TEXT NOT NULL,
    resource_type TEXT NOT NULL,
    mapping TEXT NOT NULL,
    conditions TEXT NOT NULL
);

-- Plugins that are listed as having permissions.
CREATE TABLE role_plugins (id TEXT PRIMARY KEY);

-- `version` grows with every change, so that every process knows whether to read the tables again.
CREATE TABLE role_state (key TEXT PRIMARY KEY, value BIGINT NOT NULL);
INSERT INTO role_state (key, value) VALUES ('version', 1);
