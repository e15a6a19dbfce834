-- To become the one attempt that runs. One row always: it reads first, and
-- writes only what the read left undecided, so that a replay writes nothing.
--
-- $1 id, $2 fingerprint, $3 token, $4 lease, $5 life (lease or ttl, whichever
-- is longer), $6 grace, $7 operation, $8 owner, $9 trace, $10 notify
WITH
-- The server's clock, read once, beside the record if there is one.
found AS MATERIALIZED (
    SELECT
        clock.now, r.state, r.previous, r.fence, r.fingerprint, r.token, r.started, r.lease,
        r.lease_until, r.expires_at, r.answer, r.trace,
        CASE
            WHEN r.expires_at <= clock.now THEN false
            WHEN r.state = 4 THEN true
            WHEN r.state = 1 THEN r.token <> $3 AND (r.lease_until > clock.now OR r.fingerprint <> $2)
            WHEN r.state = 3 THEN r.fingerprint <> $2
            ELSE false
        END AS decided
    FROM (SELECT (extract(epoch FROM statement_timestamp()) * 1000000)::bigint AS now) AS clock
    LEFT JOIN idempotency_records AS r ON r.id = $1
),
-- The row may have changed since it was read: the update decides anew, on the
-- newest version, and leaves it as it is if it is another's by now. `OFFSET 0`
-- keeps the planner from repeating the decision in each column.
claimed AS (
    INSERT INTO idempotency_records AS r (
        id, fence, started, lease, lease_until, expires_at, keep_until, attempts, state,
        previous, notify, token, fingerprint, operation, owner, trace, answer
    )
    SELECT
        $1, now, now, $4, now + $4, now + $5, now + $5 + $6, 1, 1,
        0, $10, $3, $2, $7, $8, $9, NULL
    FROM found WHERE NOT decided
    ON CONFLICT (id) DO UPDATE SET (
        fence, started, lease, lease_until, expires_at, keep_until, attempts, state,
        previous, notify, token, fingerprint, operation, owner, trace, answer
    ) = (
        SELECT
            CASE WHEN start THEN greatest(now, r.fence + 1) ELSE r.fence END,
            CASE WHEN start THEN now ELSE r.started END,
            CASE WHEN start OR again THEN excluded.lease ELSE r.lease END,
            CASE WHEN start OR again THEN excluded.lease_until ELSE r.lease_until END,
            CASE WHEN start THEN excluded.expires_at ELSE r.expires_at + longer END,
            CASE WHEN start THEN excluded.keep_until ELSE r.keep_until + longer END,
            CASE WHEN before >= 4 THEN 1 WHEN start THEN r.attempts + 1 ELSE r.attempts END,
            CASE WHEN start THEN 1 ELSE r.state END,
            CASE WHEN start THEN before ELSE r.previous END,
            CASE WHEN start THEN excluded.notify ELSE r.notify END,
            CASE WHEN start THEN excluded.token ELSE r.token END,
            CASE WHEN start THEN excluded.fingerprint ELSE r.fingerprint END,
            CASE WHEN start THEN excluded.operation ELSE r.operation END,
            CASE WHEN start THEN excluded.owner ELSE r.owner END,
            CASE WHEN start THEN excluded.trace ELSE r.trace END,
            CASE WHEN start THEN NULL ELSE r.answer END
        FROM (
            SELECT
                before, before IS NOT NULL AS start, again, now,
                -- A renewed lease never outlives its record.
                CASE WHEN again THEN greatest(now + excluded.lease - r.expires_at, 0) ELSE 0 END AS longer
            FROM (
                SELECT
                    excluded.started AS now,
                    -- The same claim, sent again.
                    r.expires_at > excluded.started AND r.state = 1 AND r.token = excluded.token AS again,
                    -- What an attempt that starts here comes after; null if none may start.
                    CASE
                        WHEN r.expires_at <= excluded.started THEN
                            CASE WHEN r.fingerprint = excluded.fingerprint THEN 4 ELSE 5 END
                        WHEN r.state = 1 AND r.token <> excluded.token
                            AND r.lease_until <= excluded.started
                            AND r.fingerprint = excluded.fingerprint THEN 3
                        WHEN r.state = 2 THEN 1
                        WHEN r.state = 3 AND r.fingerprint = excluded.fingerprint THEN 2
                    END AS before
            OFFSET 0) AS judged
        OFFSET 0) AS decision
    )
    RETURNING
        state, previous, fence, fingerprint, token, started, lease, lease_until, expires_at,
        answer, trace
)
SELECT
    CASE WHEN a.state = 4 THEN 3 WHEN a.state = 1 AND a.token = $3 THEN 1 ELSE 2 END::bigint,
    a.previous::bigint,
    a.fence,
    a.fingerprint,
    found.now - a.started,
    CASE WHEN a.state = 1 THEN least(a.lease_until - found.now, a.lease) ELSE 0 END,
    a.expires_at - found.now,
    -- How long ago the record that was read had expired.
    greatest(found.now - found.expires_at, 0),
    a.answer,
    a.trace
FROM found, LATERAL (
    SELECT
        state, previous, fence, fingerprint, token, started, lease, lease_until, expires_at,
        answer, trace
    FROM claimed
    UNION ALL
    SELECT
        found.state, found.previous, found.fence, found.fingerprint, found.token, found.started,
        found.lease, found.lease_until, found.expires_at, found.answer, found.trace
    WHERE found.decided
) AS a
