-- This claim holds the record already, and its acknowledgement was lost: the
-- same fence and `previous` again, and a fresh lease, which its record
-- outlives. No row: it moved on in between. The columns are those of claim.sql.
--
-- $1 id, $2 token, $3 lease
UPDATE idempotency_records AS r SET
    lease = $3,
    lease_until = clock.now + $3,
    expires_at = greatest(r.expires_at, clock.now + $3),
    keep_until = r.keep_until + greatest(clock.now + $3 - r.expires_at, 0)
FROM (SELECT (extract(epoch FROM statement_timestamp()) * 1000000)::bigint AS now) AS clock
WHERE r.id = $1 AND r.token = $2 AND r.state < 2 AND r.expires_at > clock.now
RETURNING
    1::bigint, r.previous::bigint, r.fence, NULL::bytea, 0::bigint, 0::bigint, 0::bigint, 0::bigint,
    r.answer, NULL::bytea
