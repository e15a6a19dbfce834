-- A version was applied to a table.
--
-- ?1 the table's name, ?2 the version
INSERT INTO idempotency_migrations (table_name, version) VALUES (?1, ?2)
