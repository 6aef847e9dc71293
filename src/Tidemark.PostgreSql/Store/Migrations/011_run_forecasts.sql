CREATE TABLE tidemark.run_forecasts(
    pipeline text NOT NULL,
    run_id text NOT NULL,
    made_at timestamptz NOT NULL,
    forecast text NOT NULL,
    PRIMARY KEY(pipeline, run_id));
