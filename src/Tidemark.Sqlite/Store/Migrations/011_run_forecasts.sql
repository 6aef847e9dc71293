CREATE TABLE run_forecasts(
    pipeline TEXT NOT NULL,
    run_id TEXT NOT NULL,
    made_at TEXT NOT NULL,
    forecast TEXT NOT NULL,
    PRIMARY KEY(pipeline, run_id));
