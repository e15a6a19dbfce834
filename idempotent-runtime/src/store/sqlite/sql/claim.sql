-- Starts an attempt for each claim of a batch, where one may start by now: on
-- no record, an expired one, a free one, or one whose lease has run out. Two
-- claims of one record are decided in order. No row for a claim that starts
-- nothing.
--
-- ?1 id (32 bytes), token (16), fingerprint (33) and trace (25) of each claim
-- ?2 lease, life (lease or ttl, whichever is longer), grace, operation, owner,
--    and whether there is a trace, of each, as a JSON array of arrays
WITH asked AS (
    SELECT
        substr(?1, 106 * key + 1, 32) AS id,
        substr(?1, 106 * key + 33, 16) AS token,
        substr(?1, 106 * key + 49, 33) AS fingerprint,
        CASE WHEN value ->> 5 THEN substr(?1, 106 * key + 82, 25) END AS trace,
        value ->> 0 AS lease,
        value ->> 1 AS life,
        value ->> 2 AS grace,
        value ->> 3 AS operation,
        value ->> 4 AS owner
    FROM json_each(?2)
)
INSERT INTO idempotency_records AS r (
    id, fence, started, lease, lease_until, expires_at, keep_until, attempts, state, previous,
    ago, token, fingerprint, operation, owner, trace, answer
)
SELECT
    id, now, now, lease, now + lease, now + life, now + life + grace, 1, 1, 0,
    0, token, fingerprint, operation, owner, trace, NULL
FROM asked, (SELECT CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) * 1000 AS now)
WHERE true
ON CONFLICT (id) DO UPDATE SET
    fence = max(excluded.started, r.fence + 1),
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
        WHEN r.state = 1 THEN 3
        WHEN r.state = 2 THEN 1
        ELSE 2
    END,
    ago = max(excluded.started - r.expires_at, 0),
    token = excluded.token,
    fingerprint = excluded.fingerprint,
    operation = excluded.operation,
    owner = excluded.owner,
    trace = excluded.trace,
    -- The steps so far, for the same request.
    answer = CASE WHEN r.expires_at > excluded.started AND r.fingerprint = excluded.fingerprint
        THEN r.answer END
WHERE r.expires_at <= excluded.started OR CASE r.state
    WHEN 1 THEN r.token <> excluded.token AND r.lease_until <= excluded.started
        AND r.fingerprint = excluded.fingerprint
    WHEN 2 THEN true
    WHEN 3 THEN r.fingerprint = excluded.fingerprint
    ELSE false
END
RETURNING 1, previous, fence, fingerprint, 0, 0, 0, ago, answer, NULL, id, token
