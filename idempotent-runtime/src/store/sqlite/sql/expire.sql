-- An operator ends the lease of the attempt with this fence, so that the next
-- claim takes over. Changes one row, or none if it is refused.
--
-- ?1 id, ?2 fence
UPDATE idempotency_records SET
    lease_until = min(lease_until, CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) * 1000)
WHERE id = ?1 AND fence = ?2 AND state = 1
