CREATE TABLE quota_ledger(
    quota TEXT NOT NULL PRIMARY KEY,
    state TEXT NOT NULL,
    changed_at TEXT NOT NULL);
