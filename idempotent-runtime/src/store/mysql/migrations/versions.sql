-- Which versions were applied to which table of this database.
CREATE TABLE IF NOT EXISTS idempotency_migrations (
    table_name VARCHAR(64) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    version    INT NOT NULL,
    applied_at TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
    PRIMARY KEY (table_name, version)
) ENGINE = InnoDB;
