-- A part of a list of what runs, or of what is stuck: of the next ones by the
-- end of their lease, those that are on the list, and the last one, by which
-- the reader goes on. The index alone tells which those are, and where they
-- end. It takes no lock.
--
-- ? 1 for what runs and 0 for what is stuck; the end of lease after which to go
-- on, 1 or 0 as before, the end of lease, the id, how many to read; once more
-- those four, and how many to read less one; 1 or 0, operation or null, the same,
-- the most rows
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
    r.lease_until,
    0,
    ended.id IS NOT NULL,
    -- From here on nothing is stuck.
    ? = 0 AND r.lease_until > clock.micros
FROM
    (SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) AS micros) AS clock
    STRAIGHT_JOIN (
        SELECT id
        FROM idempotency_records FORCE INDEX (idempotency_records_running)
        WHERE
            state = 1
            AND lease_until >= GREATEST(
                ?,
                IF(? = 1, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) + 1, 0)
            )
            AND (lease_until > ? OR id > ?)
        ORDER BY lease_until, id
        LIMIT ?
    ) AS part
    STRAIGHT_JOIN idempotency_records AS r FORCE INDEX (PRIMARY) ON r.id = part.id
    LEFT JOIN (
        SELECT id
        FROM idempotency_records FORCE INDEX (idempotency_records_running)
        WHERE
            state = 1
            AND lease_until >= GREATEST(
                ?,
                IF(? = 1, TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) + 1, 0)
            )
            AND (lease_until > ? OR id > ?)
        ORDER BY lease_until, id
        LIMIT ?, 1
    ) AS ended ON ended.id = part.id
WHERE
    ended.id IS NOT NULL
    OR (
        (r.lease_until > clock.micros) = ? AND r.expires_at > clock.micros
        AND (? IS NULL OR r.operation = ?)
    )
ORDER BY r.lease_until, r.id
LIMIT ?
