-- complete.sql inside a transaction, unless that is over.
--
-- ? answer, ttl, ttl and grace, id, token, fence
UPDATE idempotency_records FORCE INDEX (PRIMARY) SET
    state = 4,
    answer = ?,
    expires_at = TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) + ?,
    keep_until = TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) + ?
WHERE id = ? AND token = ? AND fence = ? AND state = 1 AND @@in_transaction = 1
