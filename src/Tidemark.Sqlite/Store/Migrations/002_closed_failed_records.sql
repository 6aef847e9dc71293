ALTER TABLE failed_records ADD COLUMN closed_at TEXT;
