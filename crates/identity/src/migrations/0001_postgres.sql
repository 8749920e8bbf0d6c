-- Public keys of tokens. The private ones never leave the process that made them.
CREATE TABLE identity_keys (
    id         TEXT PRIMARY KEY,
    jwk        TEXT NOT NULL,   -- JSON
    created_at BIGINT NOT NULL  -- Unix time, ms
);

-- What people owned things as when they signed in: for those that the catalog does not know.
CREATE TABLE identity_users (
    entity_ref TEXT PRIMARY KEY,
    ownership  TEXT NOT NULL,   -- JSON, a list of references
    updated_at BIGINT NOT NULL
);

-- Browsers in which somebody is signed in.
CREATE TABLE identity_sessions (
    id         TEXT PRIMARY KEY,
    hash       TEXT NOT NULL UNIQUE, -- of the cookie, which is kept nowhere
    user_ref   TEXT NOT NULL,
    provider   TEXT NOT NULL,
    user_agent TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    seen_at    BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX identity_sessions_user ON identity_sessions (user_ref);
CREATE INDEX identity_sessions_expires ON identity_sessions (expires_at);

-- Personal access tokens.
CREATE TABLE identity_tokens (
    id           TEXT PRIMARY KEY,
    hash         TEXT NOT NULL UNIQUE, -- of the token, which is shown once and kept nowhere
    user_ref     TEXT NOT NULL,
    name         TEXT NOT NULL,
    restrictions TEXT NOT NULL,        -- JSON; empty for none
    created_at   BIGINT NOT NULL,
    seen_at      BIGINT NOT NULL,      -- 0 when it was never used
    expires_at   BIGINT NOT NULL
);
CREATE INDEX identity_tokens_user ON identity_tokens (user_ref);
