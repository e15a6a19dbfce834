-- Finishes a record; changes one row, or none if it is not the attempt's.
--
-- The hint, here and elsewhere: with few rows the optimizer might take the index
-- on `state`, and a statement that scans it locks other records.
--
-- ? answer, ttl, ttl and grace, id, token, fence
UPDATE idempotency_records FORCE INDEX (PRIMARY) SET
    state = 4,
    answer = ?,
    expires_at = TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) + ?,
    keep_until = TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) + ?
WHERE id = ? AND token = ? AND fence = ? AND state = 1
