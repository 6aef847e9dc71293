CREATE TABLE runs(
    run_id TEXT NOT NULL PRIMARY KEY,
    pipeline TEXT NOT NULL,
    status TEXT NOT NULL,
    started_at TEXT NOT NULL,
    duration_ms DOUBLE NOT NULL,
    warnings TEXT NOT NULL);

CREATE INDEX runs_by_time ON runs(pipeline, started_at);

CREATE TABLE run_streams(
    run_id TEXT NOT NULL REFERENCES runs(run_id) ON DELETE CASCADE,
    position BIGINT NOT NULL,
    stream TEXT NOT NULL,
    status TEXT NOT NULL,
    mode TEXT NOT NULL,
    skipped BOOLEAN NOT NULL,
    stopped_early TEXT,
    watermark_before TEXT,
    watermark_after TEXT,
    last_full_read BIGINT,
    counts TEXT NOT NULL,
    error TEXT,
    failed_side TEXT,
    parked_until TEXT,
    PRIMARY KEY(run_id, position));

CREATE TABLE failed_records(
    id TEXT NOT NULL PRIMARY KEY,
    pipeline TEXT NOT NULL,
    stream TEXT NOT NULL,
    run_id TEXT NOT NULL,
    reason TEXT NOT NULL,
    payload BLOB NOT NULL,
    failed_at TEXT NOT NULL,
    attempts BIGINT NOT NULL DEFAULT 1,
    status TEXT NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'resolved', 'superseded')));

CREATE INDEX failed_records_by_time ON failed_records(pipeline, status, failed_at);
