CREATE TABLE tidemark.lookup_leases(
    lookup text NOT NULL,
    cache_key text NOT NULL,
    owner text NOT NULL,
    expires_at timestamptz NOT NULL,
    failure text,
    PRIMARY KEY(lookup, cache_key));

CREATE TABLE tidemark.lookup_negatives(
    lookup text NOT NULL,
    cache_key text NOT NULL,
    expires_at timestamptz NOT NULL,
    PRIMARY KEY(lookup, cache_key));

CREATE TABLE tidemark.lookup_counts(
    lookup text NOT NULL PRIMARY KEY,
    hits bigint NOT NULL DEFAULT 0,
    misses bigint NOT NULL DEFAULT 0,
    stale bigint NOT NULL DEFAULT 0,
    negative bigint NOT NULL DEFAULT 0,
    failures bigint NOT NULL DEFAULT 0,
    calls bigint NOT NULL DEFAULT 0,
    cost_spent double precision NOT NULL DEFAULT 0,
    cost_saved double precision NOT NULL DEFAULT 0,
    emptied bigint NOT NULL DEFAULT 0);
