-- To become the one attempt that runs: 1 claimed, 2 running, 3 done, 4 already
-- this claim's (see renew.sql). It reads first, and writes only what the read
-- left undecided, so that a replay writes nothing. No row: the record changed
-- between the read and the write; to be sent again.
--
-- $1 id, $2 fingerprint, $3 token, $4 lease, $5 life (lease or ttl, whichever
-- is longer), $6 grace, $7 operation, $8 owner, $9 trace, $10 notify
WITH
-- The server's clock, read once, beside the record if there is one.
found AS MATERIALIZED (
    SELECT
        now, fence, fingerprint, started, lease, lease_until, expires_at, state, answer, trace,
        CASE WHEN expires_at > now THEN
            CASE state
                WHEN 4 THEN 3
                WHEN 1 THEN
                    CASE WHEN token = $3 THEN 4 WHEN lease_until > now OR fingerprint <> $2 THEN 2 END
                WHEN 3 THEN
                    CASE WHEN fingerprint <> $2 THEN 2 END
            END
        END AS verdict
    FROM (SELECT (extract(epoch FROM statement_timestamp()) * 1000000)::bigint AS now) AS clock
    LEFT JOIN idempotency_records ON id = $1
),
-- The newest version of the row is judged anew: it may not be the one found.
claimed AS (
    INSERT INTO idempotency_records AS r (
        id, fence, started, lease, lease_until, expires_at, keep_until, attempts, state,
        previous, notify, token, fingerprint, operation, owner, trace
    )
    SELECT $1, now, now, $4, now + $4, now + $5, now + $5 + $6, 1, 1, 0, $10, $3, $2, $7, $8, $9
    FROM found WHERE verdict IS NULL
    ON CONFLICT (id) DO UPDATE SET
        fence = greatest(excluded.fence, r.fence + 1),
        started = excluded.started,
        lease = excluded.lease,
        lease_until = excluded.lease_until,
        expires_at = excluded.expires_at,
        keep_until = excluded.keep_until,
        attempts = CASE WHEN r.expires_at <= excluded.started THEN 1 ELSE r.attempts + 1 END,
        state = 1,
        previous = CASE
            WHEN r.expires_at <= excluded.started THEN
                CASE WHEN r.fingerprint = excluded.fingerprint THEN 4 ELSE 5 END
            ELSE CASE r.state WHEN 1 THEN 3 WHEN 2 THEN 1 ELSE 2 END
        END,
        notify = excluded.notify,
        token = excluded.token,
        fingerprint = excluded.fingerprint,
        operation = excluded.operation,
        owner = excluded.owner,
        trace = excluded.trace,
        -- The steps so far, for the same request.
        answer = CASE WHEN r.expires_at > excluded.started AND r.fingerprint = excluded.fingerprint
            THEN r.answer END
    WHERE r.expires_at <= excluded.started
        OR r.state = 2
        OR (r.state = 3 AND r.fingerprint = excluded.fingerprint)
        OR (
            r.state = 1 AND r.token <> excluded.token
            AND r.lease_until <= excluded.started AND r.fingerprint = excluded.fingerprint
        )
    RETURNING fence, previous, answer
)
SELECT
    coalesce(found.verdict, 1)::bigint,
    coalesce(claimed.previous, 0)::bigint,
    coalesce(claimed.fence, found.fence),
    found.fingerprint,
    found.now - found.started,
    CASE WHEN found.state = 1 THEN least(found.lease_until - found.now, found.lease) ELSE 0 END,
    found.expires_at - found.now,
    -- How long ago a record that is claimed afresh had expired.
    greatest(found.now - found.expires_at, 0),
    -- The steps, to the one who goes on; the answer, to a replay.
    CASE
        WHEN claimed.fence IS NOT NULL THEN claimed.answer
        WHEN found.verdict = 3 THEN found.answer
    END,
    found.trace
FROM found LEFT JOIN claimed ON true
WHERE found.verdict IS NOT NULL OR claimed.fence IS NOT NULL
