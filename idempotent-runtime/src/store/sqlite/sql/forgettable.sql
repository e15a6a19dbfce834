-- Whether there is such a record to forget, one row or none.
--
-- ?1 id, ?2 fence
SELECT fence FROM idempotency_records WHERE id = ?1 AND fence = ?2 AND state = 4
