CREATE TABLE tidemark.runs(
    run_id text NOT NULL PRIMARY KEY,
    pipeline text NOT NULL,
    status text NOT NULL,
    started_at timestamptz NOT NULL,
    duration_ms double precision NOT NULL,
    warnings jsonb NOT NULL);

CREATE INDEX runs_by_time ON tidemark.runs(pipeline, started_at);

CREATE TABLE tidemark.run_streams(
    run_id text NOT NULL REFERENCES tidemark.runs(run_id) ON DELETE CASCADE,
    position integer NOT NULL,
    stream text NOT NULL,
    status text NOT NULL,
    mode text NOT NULL,
    skipped boolean NOT NULL,
    stopped_early text,
    watermark_before text,
    watermark_after text,
    last_full_read bigint,
    counts jsonb NOT NULL,
    error text,
    failed_side text,
    parked_until timestamptz,
    PRIMARY KEY(run_id, position));

CREATE TABLE tidemark.failed_records(
    id text NOT NULL PRIMARY KEY,
    number bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
    pipeline text NOT NULL,
    stream text NOT NULL,
    run_id text NOT NULL,
    reason text NOT NULL,
    payload bytea NOT NULL,
    failed_at timestamptz NOT NULL,
    attempts bigint NOT NULL DEFAULT 1,
    status text NOT NULL DEFAULT 'open' CHECK (status IN ('open', 'resolved', 'superseded')),
    closed_at timestamptz);

CREATE INDEX failed_records_by_time ON tidemark.failed_records(pipeline, status, failed_at);
