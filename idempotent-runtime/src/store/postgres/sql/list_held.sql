-- A part of a list of what runs, or of what is stuck: of the next 250 by the
-- end of their lease, those that are on the list, and the last one, by which
-- the reader goes on. The index has them by that time, and few have the same
-- one: what is left to sort by id is next to nothing. It is read no further
-- than to the last row that is returned. Times are bound from one side only, so
-- that no estimate of few rows leads to a plan that sorts all of them.
--
-- $1 the end of lease and $2 the id after which to go on, $3 1 for what runs and
-- 0 for what is stuck, $4 operation or null, $5 the most rows
WITH clock AS MATERIALIZED (
    SELECT (extract(epoch FROM statement_timestamp()) * 1000000)::bigint AS now
),
read AS (
    SELECT
        id, state, fence, fingerprint, attempts, started, lease, lease_until, expires_at, operation,
        owner, trace,
        (SELECT now FROM clock) AS now
    FROM idempotency_records
    WHERE
        state = 1
        AND lease_until >= greatest($1, (SELECT CASE WHEN $3 = 1::bigint THEN now + 1 END FROM clock))
        AND (lease_until > $1 OR id > $2)
    ORDER BY lease_until, id
    LIMIT 250
),
numbered AS (
    SELECT
        read.*,
        row_number() OVER list AS place,
        lead(1) OVER list IS NULL AS is_last
    FROM read
    WINDOW list AS (ORDER BY lease_until, id)
)
SELECT
    state::bigint,
    fence,
    fingerprint,
    attempts::bigint,
    now - started,
    least(lease_until - now, lease),
    expires_at - now,
    (-1)::bigint,
    NULL::bytea,
    operation,
    owner,
    trace,
    id,
    lease_until,
    place,
    (is_last AND place = 250)::integer::bigint,
    -- From here on nothing is stuck.
    ($3 = 0 AND lease_until > now)::integer::bigint
FROM numbered
WHERE
    is_last
    OR ((lease_until > now) = ($3 = 1) AND expires_at > now AND ($4::text IS NULL OR operation = $4))
ORDER BY lease_until, id
LIMIT $5
