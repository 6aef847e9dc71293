ALTER TABLE enrichments ADD COLUMN asked_by TEXT;

CREATE INDEX enrichments_by_stream ON enrichments(asked_by, expires_at);
