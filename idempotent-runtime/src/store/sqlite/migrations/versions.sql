-- Which versions were applied to which table of this file.
CREATE TABLE IF NOT EXISTS idempotency_migrations (
    table_name TEXT    NOT NULL,
    version    INTEGER NOT NULL,
    applied_at TEXT    NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (table_name, version)
);
