CREATE TABLE tidemark.slices(
    pipeline text NOT NULL,
    stream text NOT NULL,
    slice text NOT NULL,
    position integer NOT NULL,
    status text NOT NULL CHECK (status IN ('pending', 'running', 'done', 'failed')),
    attempts integer NOT NULL,
    records_read bigint NOT NULL,
    records_failed bigint NOT NULL,
    error text,
    started_at timestamptz,
    ended_at timestamptz,
    PRIMARY KEY(pipeline, stream, slice));
