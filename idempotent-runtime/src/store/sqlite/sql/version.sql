-- The highest version that was applied to a table; 0 for none.
--
-- ?1 the table's name
SELECT ifnull(max(version), 0) FROM idempotency_migrations WHERE table_name = ?1
