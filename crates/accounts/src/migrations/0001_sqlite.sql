-- People who sign in with a password or a passkey of this portal.
CREATE TABLE accounts (
    name       TEXT PRIMARY KEY,
    password   TEXT NOT NULL,   -- argon2id, in PHC form; empty for none
    is_admin   BIGINT NOT NULL, -- 1 for those who may do everything
    created_at BIGINT NOT NULL, -- Unix time, ms
    changed_at BIGINT NOT NULL  -- when the password was set
);

-- Links by which somebody sets the password of an account, once.
CREATE TABLE account_invitations (
    hash       TEXT PRIMARY KEY, -- of the link's secret, which is shown once and kept nowhere
    name       TEXT NOT NULL,
    is_admin   BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX account_invitations_name ON account_invitations (name);
