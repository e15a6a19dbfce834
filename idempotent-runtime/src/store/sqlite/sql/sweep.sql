-- Deletes a batch of records past their grace, from the front of the index.
--
-- ?1 the most rows
DELETE FROM idempotency_records WHERE id IN (
    SELECT r.id
    FROM idempotency_records AS r
    WHERE r.keep_until <= CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) * 1000
    ORDER BY r.keep_until, r.id
    LIMIT ?1
)
