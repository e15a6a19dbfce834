-- Writes the finished record of a claim inside this transaction. No row: the
-- record is another's by now, or another transaction has claimed it since a
-- savepoint was rolled back to; the caller rolls back. It waits for whoever has
-- written the same id and not committed yet: the index decides between them.
--
-- $1 id, $2 fingerprint, $3 token, $4 fence, $5 answer, $6 ttl, $7 grace,
-- $8 operation, $9 owner, $10 trace, $11 notify, $12 the lock's number
WITH clock AS MATERIALIZED (
    SELECT
        (extract(epoch FROM statement_timestamp()) * 1000000)::bigint AS now,
        pg_try_advisory_xact_lock($12 # ('idempotency_records'::regclass::oid::bigint << 32)) AS mine
)
INSERT INTO idempotency_records AS r (
    id, fence, started, lease, lease_until, expires_at, keep_until, attempts, state,
    previous, notify, token, fingerprint, operation, owner, trace, answer
)
-- The fence is the claim's time, unless it had to be above an earlier one.
SELECT $1, $4, least($4, now), 0, now, now + $6, now + $6 + $7, 1, 4, 0, $11, $3, $2, $8, $9, $10, $5
FROM clock WHERE mine
ON CONFLICT (id) DO UPDATE SET
    fence = excluded.fence,
    started = excluded.started,
    lease = excluded.lease,
    lease_until = excluded.lease_until,
    expires_at = excluded.expires_at,
    keep_until = excluded.keep_until,
    attempts = CASE WHEN r.expires_at <= excluded.lease_until THEN 1 ELSE r.attempts + 1 END,
    state = 4,
    previous = CASE
        WHEN r.expires_at <= excluded.lease_until THEN
            CASE WHEN r.fingerprint = excluded.fingerprint THEN 4 ELSE 5 END
        ELSE CASE r.state WHEN 1 THEN 3 WHEN 2 THEN 1 ELSE 2 END
    END,
    notify = excluded.notify,
    token = excluded.token,
    fingerprint = excluded.fingerprint,
    operation = excluded.operation,
    owner = excluded.owner,
    trace = excluded.trace,
    answer = excluded.answer
WHERE r.fence < excluded.fence AND (
    r.expires_at <= excluded.lease_until
    OR r.state = 2
    OR (r.state = 3 AND r.fingerprint = excluded.fingerprint)
    OR (
        r.state = 1 AND r.lease_until <= excluded.lease_until
        AND r.fingerprint = excluded.fingerprint
    )
)
RETURNING 1::bigint
