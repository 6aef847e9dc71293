CREATE TABLE tidemark.lookup_alerts(
    lookup text NOT NULL,
    alert text NOT NULL,
    is_on boolean NOT NULL,
    started_at timestamptz NOT NULL,
    ended_at timestamptz,
    is_told boolean NOT NULL,
    held_until timestamptz NOT NULL,
    PRIMARY KEY(lookup, alert));
