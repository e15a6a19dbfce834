-- A part of a list of what runs, or of what is stuck: of the next 1,000 by the
-- end of their lease, those that are on the list, and the last one, by which
-- the reader goes on.
--
-- ?1 the end of lease and ?2 the id after which to go on, ?3 1 for what runs and
-- 0 for what is stuck, ?4 operation or null, ?5 the most rows
WITH clock AS MATERIALIZED (
    SELECT CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) * 1000 AS now
),
read AS (
    SELECT
        id, state, fence, fingerprint, attempts, started, lease, lease_until, expires_at, operation,
        owner, trace
    FROM idempotency_records INDEXED BY idempotency_records_running
    WHERE
        state = 1
        AND lease_until >= max(?1, (SELECT iif(?3 = 1, now + 1, 0) FROM clock))
        AND (lease_until > ?1 OR id > ?2)
    ORDER BY lease_until, id
    LIMIT 1000
),
numbered AS (
    SELECT
        read.*,
        (SELECT now FROM clock) AS now,
        row_number() OVER list AS place,
        lead(1) OVER list IS NULL AS is_last
    FROM read
    WINDOW list AS (ORDER BY lease_until, id)
)
SELECT
    state,
    fence,
    fingerprint,
    attempts,
    now - started,
    min(lease_until - now, lease),
    expires_at - now,
    -1,
    NULL,
    operation,
    owner,
    trace,
    id,
    lease_until,
    place,
    is_last,
    -- From here on nothing is stuck.
    ?3 = 0 AND lease_until > now
FROM numbered
WHERE
    is_last
    OR ((lease_until > now) = (?3 = 1) AND expires_at > now AND (?4 IS NULL OR operation = ?4))
ORDER BY place
LIMIT ?5
