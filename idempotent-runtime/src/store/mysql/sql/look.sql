-- What the record says to a claim, where that is decided without a write. No
-- row: undecided.
--
-- ? id, token, fingerprint, fingerprint
SELECT
    IF(r.state = 4, 3, 2),
    r.previous,
    r.fence,
    r.fingerprint,
    clock.micros - r.started,
    IF(r.state = 1, LEAST(r.lease_until - clock.micros, r.lease), 0),
    r.expires_at - clock.micros,
    0,
    IF(r.state = 4, r.answer, NULL),
    r.trace
FROM
    idempotency_records AS r,
    (SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) AS micros) AS clock
WHERE r.id = ? AND r.expires_at > clock.micros AND CASE r.state
    WHEN 1 THEN r.token <> ? AND (r.lease_until > clock.micros OR r.fingerprint <> ?)
    WHEN 3 THEN r.fingerprint <> ?
    ELSE r.state = 4
END
