-- A part of a list of what runs, or of what is stuck: of the next 250 by the
-- end of their lease, those that are on the list, and the 250th, by which the
-- reader goes on. Rows are read one by one, and no further than is returned.
--
-- ?1 the end of lease and ?2 the id after which to go on, ?3 1 for what runs and
-- 0 for what is stuck, ?4 operation or null, ?5 the most rows
WITH clock AS MATERIALIZED (
    SELECT CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) * 1000 AS now
),
-- The index alone tells where the part ends.
ended AS MATERIALIZED (
    SELECT id
    FROM idempotency_records INDEXED BY idempotency_records_running
    WHERE
        state = 1
        AND lease_until >= max(?1, (SELECT iif(?3 = 1, now + 1, 0) FROM clock))
        AND (lease_until > ?1 OR id > ?2)
    ORDER BY lease_until, id
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
    -1,
    NULL,
    operation,
    owner,
    trace,
    id,
    lease_until,
    iif(id IS (SELECT id FROM ended), 250, 0),
    id IS (SELECT id FROM ended),
    -- From here on nothing is stuck.
    ?3 = 0 AND lease_until > (SELECT now FROM clock)
FROM (
    SELECT *
    FROM idempotency_records INDEXED BY idempotency_records_running
    WHERE
        state = 1
        AND lease_until >= max(?1, (SELECT iif(?3 = 1, now + 1, 0) FROM clock))
        AND (lease_until > ?1 OR id > ?2)
    ORDER BY lease_until, id
    LIMIT 250
)
WHERE
    id IS (SELECT id FROM ended)
    OR (
        (lease_until > (SELECT now FROM clock)) = (?3 = 1)
        AND expires_at > (SELECT now FROM clock)
        AND (?4 IS NULL OR operation = ?4)
    )
LIMIT ?5
