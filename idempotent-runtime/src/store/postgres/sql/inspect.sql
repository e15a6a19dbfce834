-- What an operator may see of a record that has not expired. The answer is
-- measured, and its first byte read; the rest stays where it is.
--
-- $1 id
SELECT
    r.state::bigint,
    r.fence,
    r.fingerprint,
    r.attempts::bigint,
    clock.now - r.started,
    least(r.lease_until - clock.now, r.lease),
    r.expires_at - clock.now,
    coalesce(octet_length(r.answer), -1)::bigint,
    substring(r.answer FROM 1 FOR 1),
    r.operation,
    r.owner,
    r.trace
FROM
    idempotency_records AS r,
    (SELECT (extract(epoch FROM statement_timestamp()) * 1000000)::bigint AS now) AS clock
WHERE r.id = $1 AND r.expires_at > clock.now
