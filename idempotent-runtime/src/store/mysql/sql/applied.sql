-- A version was applied to a table. Where the lock does not reach all servers
-- of a cluster, another one may have said so before.
--
-- ? the table's name, the version
INSERT IGNORE INTO idempotency_migrations (table_name, version) VALUES (?, ?)
