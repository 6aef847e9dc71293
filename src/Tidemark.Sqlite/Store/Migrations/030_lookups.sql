CREATE TABLE lookup_leases(
    lookup TEXT NOT NULL,
    cache_key TEXT NOT NULL,
    owner TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    failure TEXT,
    PRIMARY KEY(lookup, cache_key));

CREATE TABLE lookup_negatives(
    lookup TEXT NOT NULL,
    cache_key TEXT NOT NULL,
    expires_at TEXT NOT NULL,
    PRIMARY KEY(lookup, cache_key));

CREATE TABLE lookup_counts(
    lookup TEXT NOT NULL PRIMARY KEY,
    hits BIGINT NOT NULL DEFAULT 0,
    misses BIGINT NOT NULL DEFAULT 0,
    stale BIGINT NOT NULL DEFAULT 0,
    negative BIGINT NOT NULL DEFAULT 0,
    failures BIGINT NOT NULL DEFAULT 0,
    calls BIGINT NOT NULL DEFAULT 0,
    cost_spent DOUBLE NOT NULL DEFAULT 0,
    cost_saved DOUBLE NOT NULL DEFAULT 0,
    emptied BIGINT NOT NULL DEFAULT 0);
