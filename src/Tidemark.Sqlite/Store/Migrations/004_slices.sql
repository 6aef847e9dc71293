CREATE TABLE slices(
    pipeline TEXT NOT NULL,
    stream TEXT NOT NULL,
    slice TEXT NOT NULL,
    position BIGINT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('pending', 'running', 'done', 'failed')),
    attempts BIGINT NOT NULL,
    records_read BIGINT NOT NULL,
    records_failed BIGINT NOT NULL,
    error TEXT,
    started_at TEXT,
    ended_at TEXT,
    PRIMARY KEY(pipeline, stream, slice));
