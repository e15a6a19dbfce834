-- The highest version that was applied to a table; 0 for none.
--
-- $1 the table's name, without a schema
SELECT coalesce(max(version), 0) FROM idempotency_migrations WHERE table_name = $1
