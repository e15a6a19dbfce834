-- A part of a list of records in any state: of the next ones by the time from
-- which the sweep may delete them, the last one first, those that are on the
-- list, and the last one, by which the reader goes on. The index alone tells
-- which those are, and where they end. It takes no lock. Of the answer nothing
-- is read: InnoDB would read all of it for its length.
--
-- ? the time after which to go on, the same, the id, how many to read; once more
-- those three, and how many to read less one; the first and the last state,
-- operation or null, the same, the most rows
SELECT
    r.state,
    r.fence,
    r.fingerprint,
    r.attempts,
    clock.micros - r.started,
    LEAST(r.lease_until - clock.micros, r.lease),
    r.expires_at - clock.micros,
    -1,
    NULL,
    r.operation,
    r.owner,
    r.trace,
    r.id,
    r.keep_until,
    0,
    ended.id IS NOT NULL,
    -- From here on all have expired.
    r.keep_until <= clock.micros
FROM
    (SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) AS micros) AS clock
    STRAIGHT_JOIN (
        SELECT id
        FROM idempotency_records FORCE INDEX (idempotency_records_sweep)
        WHERE keep_until <= ? AND (keep_until < ? OR id < ?)
        ORDER BY keep_until DESC, id DESC
        LIMIT ?
    ) AS part
    STRAIGHT_JOIN idempotency_records AS r FORCE INDEX (PRIMARY) ON r.id = part.id
    LEFT JOIN (
        SELECT id
        FROM idempotency_records FORCE INDEX (idempotency_records_sweep)
        WHERE keep_until <= ? AND (keep_until < ? OR id < ?)
        ORDER BY keep_until DESC, id DESC
        LIMIT ?, 1
    ) AS ended ON ended.id = part.id
WHERE
    ended.id IS NOT NULL
    OR (
        r.state BETWEEN ? AND ? AND r.expires_at > clock.micros
        AND (? IS NULL OR r.operation = ?)
    )
ORDER BY r.keep_until DESC, r.id DESC
LIMIT ?
