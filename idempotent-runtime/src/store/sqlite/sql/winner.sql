-- Whose a record is that a completion did not change: 0 its own, done before
-- (its first answer stays), 1 a running attempt's, 2 a finished one's, 3
-- nobody's. No row: no record.
--
-- ?1 id, ?2 token, ?3 fence
SELECT CASE
    WHEN r.state = 4 AND r.token = ?2 AND r.fence = ?3 THEN 0
    WHEN r.expires_at <= clock.now THEN 3
    WHEN r.state = 4 THEN 2
    WHEN r.state = 1 AND r.lease_until > clock.now THEN 1
    ELSE 3
END
FROM
    idempotency_records AS r,
    (SELECT CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) * 1000 AS now) AS clock
WHERE r.id = ?1
