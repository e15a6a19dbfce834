-- The answer of a done record that has not expired.
--
-- ?1 id
SELECT answer FROM idempotency_records
WHERE
    id = ?1 AND state = 4
    AND expires_at > CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) * 1000
