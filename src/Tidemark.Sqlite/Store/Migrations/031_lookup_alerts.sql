CREATE TABLE lookup_alerts(
    lookup TEXT NOT NULL,
    alert TEXT NOT NULL,
    is_on BOOLEAN NOT NULL,
    started_at TEXT NOT NULL,
    ended_at TEXT,
    is_told BOOLEAN NOT NULL,
    held_until TEXT NOT NULL,
    PRIMARY KEY(lookup, alert));
