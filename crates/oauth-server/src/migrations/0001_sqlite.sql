-- Clients that ask somebody for a token, and the code that they get when that person agrees.
CREATE TABLE oauth_sessions (
    id           TEXT PRIMARY KEY,
    client_id    TEXT NOT NULL,
    client_name  TEXT NOT NULL,
    redirect_uri TEXT NOT NULL,
    scope        TEXT NOT NULL,   -- as it was asked for; empty for nothing
    state        TEXT,
    nonce        TEXT,
    challenge    TEXT NOT NULL,   -- of PKCE, always S256
    status       TEXT NOT NULL,   -- pending, approved, rejected, used
    user_ref     TEXT,            -- who approved or rejected
    code_hash    TEXT UNIQUE,     -- of the code, which is kept nowhere
    created_at   BIGINT NOT NULL, -- Unix time, ms
    expires_at   BIGINT NOT NULL, -- of the question, and then of the code
    kept_until   BIGINT NOT NULL
);
CREATE INDEX oauth_sessions_kept ON oauth_sessions (kept_until);
CREATE INDEX oauth_sessions_pending ON oauth_sessions (expires_at) WHERE status = 'pending';

-- Clients that stay: the refresh token of each, which changes whenever it is used.
CREATE TABLE oauth_refresh_tokens (
    id          TEXT PRIMARY KEY,
    session_id  TEXT NOT NULL,        -- the session that it began with
    family_hash TEXT NOT NULL UNIQUE, -- of the part that stays
    token_hash  TEXT NOT NULL,        -- of the part that changes
    user_ref    TEXT NOT NULL,
    client_id   TEXT NOT NULL,
    client_name TEXT NOT NULL,
    scope       TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    used_at     BIGINT NOT NULL,
    expires_at  BIGINT NOT NULL
);
CREATE INDEX oauth_refresh_tokens_user ON oauth_refresh_tokens (user_ref);
CREATE INDEX oauth_refresh_tokens_session ON oauth_refresh_tokens (session_id);
CREATE INDEX oauth_refresh_tokens_expires ON oauth_refresh_tokens (expires_at);
