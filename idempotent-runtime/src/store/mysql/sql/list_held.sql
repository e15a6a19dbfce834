-- A part of a list of what runs, or of what is stuck: of the next 1,000 by the
-- end of their lease, those that are on the list, and the last one, by which
-- the reader goes on. It takes no lock.
--
-- ? 1 for what runs and 0 for what is stuck, the end of lease after which to go
-- on, 1 or 0 as before, the end of lease, the id, 1 or 0,
-- operation or null, the same, the most rows
SELECT
    r.state,
    r.fence,
    r.fingerprint,
    r.attempts,
    r.micros - r.started,
    LEAST(r.lease_until - r.micros, r.lease),
    r.expires_at - r.micros,
    -1,
    NULL,
    r.operation,
    r.owner,
    r.trace,
    r.id,
    r.lease_until,
    CAST(r.place AS SIGNED),
    r.after_it IS NULL,
    -- From here on nothing is stuck.
    ? = 0 AND r.lease_until > r.micros
FROM (
    SELECT
        part.*,
        ROW_NUMBER() OVER (ORDER BY part.lease_until, part.id) AS place,
        LEAD(1) OVER (ORDER BY part.lease_until, part.id) AS after_it
    FROM (
        SELECT
            id, state, fence, fingerprint, attempts, started, lease, lease_until, expires_at,
            operation, owner, trace,
            TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) AS micros
        FROM idempotency_records FORCE INDEX (idempotency_records_running)
        WHERE
            state = 1
            AND lease_until >= GREATEST(
                ?,
                IF(? = 1, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) + 1, 0)
            )
            AND (lease_until > ? OR id > ?)
        ORDER BY lease_until, id
        LIMIT 1000
    ) AS part
) AS r
WHERE
    r.after_it IS NULL
    OR (
        (r.lease_until > r.micros) = ? AND r.expires_at > r.micros
        AND (? IS NULL OR r.operation = ?)
    )
ORDER BY r.place
LIMIT ?
