CREATE TABLE tidemark.quota_ledger(
    quota text NOT NULL PRIMARY KEY,
    state text NOT NULL,
    changed_at timestamptz NOT NULL);
