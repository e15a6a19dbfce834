-- What an operator may see of a record that has not expired. The answer is
-- measured, and its first byte read; the rest stays where it is.
--
-- ?1 id
SELECT
    r.state,
    r.fence,
    r.fingerprint,
    r.attempts,
    clock.now - r.started,
    min(r.lease_until - clock.now, r.lease),
    r.expires_at - clock.now,
    ifnull(length(r.answer), -1),
    substr(r.answer, 1, 1),
    r.operation,
    r.owner,
    r.trace
FROM
    idempotency_records AS r,
    (SELECT CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) * 1000 AS now) AS clock
WHERE r.id = ?1 AND r.expires_at > clock.now
