-- Finishes a record, or says whose it is by now: 0 stored, 1 lost to a running
-- attempt, 2 to a finished one, 3 to nobody; and whether to notify. No row: no
-- record. Sent again, it keeps the first answer and its life.
--
-- $1 id, $2 token, $3 fence, $4 answer, $5 ttl, $6 grace
WITH clock AS MATERIALIZED (
    SELECT (extract(epoch FROM statement_timestamp()) * 1000000)::bigint AS now
),
stored AS (
    UPDATE idempotency_records AS r SET
        state = 4,
        answer = CASE WHEN r.state = 4 THEN r.answer ELSE $4 END,
        expires_at = CASE WHEN r.state = 4 THEN r.expires_at ELSE clock.now + $5 END,
        keep_until = CASE WHEN r.state = 4 THEN r.keep_until ELSE clock.now + $5 + $6 END
    FROM clock
    WHERE r.id = $1 AND r.token = $2 AND r.fence = $3 AND r.state IN (1, 4)
    RETURNING r.notify
),
-- Whose it is by now, and not when this statement began: a lock reads the
-- newest version.
moved AS (
    SELECT r.state, r.token, r.fence, r.lease_until, r.expires_at
    FROM idempotency_records AS r
    WHERE r.id = $1 AND NOT EXISTS (SELECT FROM stored)
    FOR SHARE
)
SELECT 0::bigint, notify FROM stored
UNION ALL
SELECT
    CASE
        WHEN expires_at <= now THEN 3
        WHEN state = 4 THEN 2
        WHEN state = 1 AND lease_until > now THEN 1
        ELSE 3
    END::bigint,
    false
FROM moved, clock
