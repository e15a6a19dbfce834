-- Which versions were applied to which table of this schema.
CREATE TABLE IF NOT EXISTS idempotency_migrations (
    table_name text        NOT NULL,
    version    integer     NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (table_name, version)
);
