-- One process at a time migrates; the lock ends with the transaction, also
-- when its process dies.
SELECT pg_advisory_xact_lock(hashtextextended('idempotent: migrate', 0))
