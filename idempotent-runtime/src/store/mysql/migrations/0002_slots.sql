-- Version 2: what claims inside transactions lock. InnoDB gives a lock that can
-- be asked for without waiting, and that goes with the transaction, on a row
-- that is there; so these are, and nobody ever writes them.
CREATE TABLE IF NOT EXISTS idempotency_records_slots (
    slot SMALLINT UNSIGNED NOT NULL PRIMARY KEY -- the first 16 bits of a record's id
) ENGINE = InnoDB;
INSERT IGNORE INTO idempotency_records_slots
WITH digits AS (
    SELECT 0 AS d UNION ALL SELECT 1 UNION ALL SELECT 2 UNION ALL SELECT 3 UNION ALL SELECT 4
    UNION ALL SELECT 5 UNION ALL SELECT 6 UNION ALL SELECT 7 UNION ALL SELECT 8
    UNION ALL SELECT 9 UNION ALL SELECT 10 UNION ALL SELECT 11 UNION ALL SELECT 12
    UNION ALL SELECT 13 UNION ALL SELECT 14 UNION ALL SELECT 15
)
SELECT a.d * 4096 + b.d * 256 + c.d * 16 + e.d
FROM digits AS a, digits AS b, digits AS c, digits AS e;
