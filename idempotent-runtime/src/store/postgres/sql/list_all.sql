-- A part of a list of records in any state: of the next 250 by the time from
-- which the sweep may delete them, the last one first, those that are on the
-- list, and the last one, by which the reader goes on. How it is read: see
-- list_held.sql. An answer's length stands in its row, and one of two bytes does
-- itself: no answer is read from where large ones are.
--
-- $1 the time and $2 the id after which to go on, $3 the first and $4 the last
-- state, $5 operation or null, $6 the most rows
WITH clock AS MATERIALIZED (
    SELECT (extract(epoch FROM statement_timestamp()) * 1000000)::bigint AS now
),
read AS (
    SELECT
        id, state, fence, fingerprint, attempts, started, lease, lease_until, expires_at, keep_until,
        operation, owner, trace,
        (SELECT now FROM clock) AS now,
        octet_length(answer) AS size,
        CASE WHEN octet_length(answer) <= 2 THEN answer END AS kind
    FROM idempotency_records
    WHERE keep_until <= $1 AND (keep_until < $1 OR id < $2)
    ORDER BY keep_until DESC, id DESC
    LIMIT 250
),
numbered AS (
    SELECT
        read.*,
        row_number() OVER list AS place,
        lead(1) OVER list IS NULL AS is_last
    FROM read
    WINDOW list AS (ORDER BY keep_until DESC, id DESC)
)
SELECT
    state::bigint,
    fence,
    fingerprint,
    attempts::bigint,
    now - started,
    least(lease_until - now, lease),
    expires_at - now,
    coalesce(size, -1)::bigint,
    kind,
    operation,
    owner,
    trace,
    id,
    keep_until,
    place,
    (is_last AND place = 250)::integer::bigint,
    -- From here on all have expired.
    (keep_until <= now)::integer::bigint
FROM numbered
WHERE
    is_last
    OR (state BETWEEN $3::bigint AND $4::bigint AND expires_at > now AND ($5::text IS NULL OR operation = $5))
ORDER BY keep_until DESC, id DESC
LIMIT $6
