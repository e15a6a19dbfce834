-- An operator ends the lease of the attempt with this fence, so that the next
-- claim takes over. Returns whether to notify; no row: refused.
--
-- $1 id, $2 fence
UPDATE idempotency_records SET
    lease_until = least(lease_until, (extract(epoch FROM statement_timestamp()) * 1000000)::bigint)
WHERE id = $1 AND fence = $2 AND state < 2
RETURNING notify
