-- An operator ends the lease of the attempt with this fence, so that the next
-- claim takes over. Finds one row, or none if it is refused.
--
-- ? id, fence
UPDATE idempotency_records FORCE INDEX (PRIMARY) SET
    lease_until = LEAST(lease_until, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)))
WHERE id = ? AND fence = ? AND state = 1
