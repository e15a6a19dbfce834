-- Renews the leases of running attempts, a batch in one statement. Returns the
-- id and token of each that is still its caller's.
--
-- $1 ids, $2 tokens, $3 leases
UPDATE idempotency_records AS r SET
    lease = mine.lease,
    lease_until = clock.now + mine.lease,
    expires_at = greatest(r.expires_at, clock.now + mine.lease),
    keep_until = r.keep_until + greatest(clock.now + mine.lease - r.expires_at, 0)
FROM
    unnest($1::bytea[], $2::bytea[], $3::bigint[]) AS mine (id, token, lease),
    (SELECT (extract(epoch FROM statement_timestamp()) * 1000000)::bigint AS now) AS clock
-- The first condition keeps the plan from walking the whole index.
WHERE r.id = ANY ($1) AND r.id = mine.id AND r.token = mine.token AND r.state < 2
RETURNING r.id, r.token
