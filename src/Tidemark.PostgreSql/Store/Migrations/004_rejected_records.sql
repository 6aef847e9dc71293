-- json, not jsonb: the reasons stay in their order.
ALTER TABLE tidemark.run_streams ADD COLUMN rejected json NOT NULL DEFAULT '{}';
