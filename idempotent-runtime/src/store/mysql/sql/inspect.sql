-- What an operator may see of a record that has not expired. The answer is
-- measured, and its first byte read; the rest stays where it is.
--
-- ? id
SELECT
    r.state,
    r.fence,
    r.fingerprint,
    r.attempts,
    clock.micros - r.started,
    LEAST(r.lease_until - clock.micros, r.lease),
    r.expires_at - clock.micros,
    CAST(IFNULL(OCTET_LENGTH(r.answer), -1) AS SIGNED),
    SUBSTRING(r.answer, 1, 1),
    r.operation,
    r.owner,
    r.trace
FROM
    idempotency_records AS r,
    (SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) AS micros) AS clock
WHERE r.id = ? AND r.expires_at > clock.micros
