-- Whose a record is that a completion did not change: 0 its own, done before
-- (its first answer stays), 1 a running attempt's, 2 a finished one's, 3
-- nobody's. No row: no record.
--
-- ? token, fence, id
SELECT CASE
    WHEN r.state = 4 AND r.token = ? AND r.fence = ? THEN 0
    WHEN r.expires_at <= clock.micros THEN 3
    WHEN r.state = 4 THEN 2
    WHEN r.state = 1 AND r.lease_until > clock.micros THEN 1
    ELSE 3
END
FROM
    idempotency_records AS r,
    (SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) AS micros) AS clock
WHERE r.id = ?
