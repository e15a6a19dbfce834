-- A part of a list of records in any state: of the next 250 by the time from
-- which the sweep may delete them, the last one first, those that are on the
-- list, and the 250th, by which the reader goes on. Rows are read one by one,
-- and no further than is returned. An answer's length stands at the head of its
-- row: no answer is read but one of two bytes.
--
-- ?1 the time and ?2 the id after which to go on, ?3 the first and ?4 the last
-- state, ?5 operation or null, ?6 the most rows
WITH clock AS MATERIALIZED (
    SELECT CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) * 1000 AS now
),
-- The index alone tells where the part ends.
ended AS MATERIALIZED (
    SELECT id
    FROM idempotency_records INDEXED BY idempotency_records_sweep
    WHERE keep_until <= ?1 AND (keep_until < ?1 OR id < ?2)
    ORDER BY keep_until DESC, id DESC
    LIMIT 1 OFFSET 249
)
SELECT
    state,
    fence,
    fingerprint,
    attempts,
    (SELECT now FROM clock) - started,
    min(lease_until - (SELECT now FROM clock), lease),
    expires_at - (SELECT now FROM clock),
    size,
    kind,
    operation,
    owner,
    trace,
    id,
    keep_until,
    iif(id IS (SELECT id FROM ended), 250, 0),
    id IS (SELECT id FROM ended),
    -- From here on all have expired.
    keep_until <= (SELECT now FROM clock)
FROM (
    SELECT
        id, state, fence, fingerprint, attempts, started, lease, lease_until, expires_at, keep_until,
        operation, owner, trace,
        ifnull(length(answer), -1) AS size,
        CASE WHEN length(answer) <= 2 THEN answer END AS kind
    FROM idempotency_records INDEXED BY idempotency_records_sweep
    WHERE keep_until <= ?1 AND (keep_until < ?1 OR id < ?2)
    ORDER BY keep_until DESC, id DESC
    LIMIT 250
)
WHERE
    id IS (SELECT id FROM ended)
    OR (
        state BETWEEN ?3 AND ?4
        AND expires_at > (SELECT now FROM clock)
        AND (?5 IS NULL OR operation = ?5)
    )
LIMIT ?6
