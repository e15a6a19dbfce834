-- Records past their grace, from the front of the index, without a lock.
--
-- ? the most rows
SELECT id FROM idempotency_records
WHERE keep_until <= TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))
ORDER BY keep_until, id
LIMIT ?
