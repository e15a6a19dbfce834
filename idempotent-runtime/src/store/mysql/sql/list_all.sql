-- A part of a list of records in any state: of the next 1,000 by the time from
-- which the sweep may delete them, the last one first, those that are on the
-- list, and the last one, by which the reader goes on. It takes no lock. Of the
-- answer nothing is read: InnoDB would read all of it for its length.
--
-- ? the time after which to go on, the same, the id, the first and the last
-- state, operation or null, the same, the most rows
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
    r.keep_until,
    CAST(r.place AS SIGNED),
    r.after_it IS NULL,
    -- From here on all have expired.
    r.keep_until <= r.micros
FROM (
    SELECT
        part.*,
        ROW_NUMBER() OVER (ORDER BY part.keep_until DESC, part.id DESC) AS place,
        LEAD(1) OVER (ORDER BY part.keep_until DESC, part.id DESC) AS after_it
    FROM (
        SELECT
            id, state, fence, fingerprint, attempts, started, lease, lease_until, expires_at,
            keep_until, operation, owner, trace,
            TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) AS micros
        FROM idempotency_records FORCE INDEX (idempotency_records_sweep)
        WHERE keep_until <= ? AND (keep_until < ? OR id < ?)
        ORDER BY keep_until DESC, id DESC
        LIMIT 1000
    ) AS part
) AS r
WHERE
    r.after_it IS NULL
    OR (
        r.state BETWEEN ? AND ? AND r.expires_at > r.micros
        AND (? IS NULL OR r.operation = ?)
    )
ORDER BY r.place
LIMIT ?
