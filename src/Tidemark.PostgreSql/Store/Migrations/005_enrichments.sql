CREATE TABLE tidemark.enrichments(
    id text NOT NULL PRIMARY KEY,
    answer bytea NOT NULL,
    expires_at timestamptz NOT NULL);

CREATE INDEX enrichments_by_expiry ON tidemark.enrichments(expires_at);
