-- The answer of a done record that has not expired.
--
-- ? id
SELECT answer FROM idempotency_records
WHERE
    id = ? AND state = 4
    AND expires_at > TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))
