-- The highest version that was applied to a table; 0 for none.
--
-- ? the table's name
SELECT CAST(IFNULL(MAX(version), 0) AS SIGNED)
FROM idempotency_migrations WHERE table_name = ?
