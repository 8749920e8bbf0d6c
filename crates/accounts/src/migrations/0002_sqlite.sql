-- Passkeys of accounts.
CREATE TABLE account_passkeys (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL,   -- of the account
    handle     TEXT NOT NULL,   -- the account's number, as authenticators know it
    label      TEXT NOT NULL,   -- what its owner calls it
    passkey    TEXT NOT NULL,   -- JSON; the public half
    created_at BIGINT NOT NULL, -- Unix time, ms
    seen_at    BIGINT NOT NULL  -- 0 when it was never used
);
CREATE INDEX account_passkeys_name ON account_passkeys (name);
CREATE INDEX account_passkeys_handle ON account_passkeys (handle);

-- Ceremonies that were begun: what the authenticator is asked to sign.
CREATE TABLE account_ceremonies (
    id         TEXT PRIMARY KEY,
    name       TEXT NOT NULL,   -- of the account that a passkey is made for; empty when somebody signs in
    state      TEXT NOT NULL,   -- JSON
    expires_at BIGINT NOT NULL
);
CREATE INDEX account_ceremonies_expires ON account_ceremonies (expires_at);
