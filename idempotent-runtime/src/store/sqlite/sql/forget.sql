-- An operator deletes a done record of this fence, once the clock, which is
-- slower than the fences, has passed it: the next claim's is higher. Changes
-- one row, or none.
--
-- ?1 id, ?2 fence
DELETE FROM idempotency_records
WHERE id = ?1 AND fence = ?2 AND state = 4
    AND fence < CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) * 1000
