CREATE TABLE api_keys(
    key_hash BLOB NOT NULL PRIMARY KEY,
    pipeline TEXT NOT NULL,
    name TEXT NOT NULL,
    routes TEXT NOT NULL,
    is_admin BOOLEAN NOT NULL,
    created_at TEXT NOT NULL,
    revoked_at TEXT);

CREATE UNIQUE INDEX api_keys_by_name ON api_keys(pipeline, name) WHERE revoked_at IS NULL;
