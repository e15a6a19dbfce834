-- Whether a record of this id is there by now, whatever the transaction's reads
-- see: counts 1 if not, 2 if so, and leaves nothing. A locking read would lock the
-- gap where there is none. The first savepoint fails to be released outside of a
-- transaction, where the row would stay.
--
-- {id} in hex
SAVEPOINT idempotent_probe;
RELEASE SAVEPOINT idempotent_probe;
SAVEPOINT idempotent_probe;
INSERT INTO idempotency_records (
    id, token, fingerprint, operation, owner, fence, started, lease, lease_until, expires_at,
    keep_until, attempts, state, previous, step, ago
) VALUES (X'{id}', '', '', '', '', 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0)
ON DUPLICATE KEY UPDATE step = IF(step = 7, 8, 7);
ROLLBACK TO SAVEPOINT idempotent_probe;
RELEASE SAVEPOINT idempotent_probe
