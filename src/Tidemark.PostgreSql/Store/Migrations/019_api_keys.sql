CREATE TABLE tidemark.api_keys(
    key_hash bytea NOT NULL PRIMARY KEY,
    pipeline text NOT NULL,
    name text NOT NULL,
    routes jsonb NOT NULL,
    is_admin boolean NOT NULL,
    created_at timestamptz NOT NULL,
    revoked_at timestamptz);

CREATE UNIQUE INDEX api_keys_by_name ON tidemark.api_keys(pipeline, name) WHERE revoked_at IS NULL;
