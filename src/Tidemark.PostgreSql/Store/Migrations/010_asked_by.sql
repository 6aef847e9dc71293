ALTER TABLE tidemark.enrichments ADD COLUMN asked_by text;

CREATE INDEX enrichments_by_stream ON tidemark.enrichments(asked_by, expires_at);
