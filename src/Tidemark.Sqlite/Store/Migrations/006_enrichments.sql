CREATE TABLE enrichments(
    id TEXT NOT NULL PRIMARY KEY,
    answer BLOB NOT NULL,
    expires_at TEXT NOT NULL);

CREATE INDEX enrichments_by_expiry ON enrichments(expires_at);
