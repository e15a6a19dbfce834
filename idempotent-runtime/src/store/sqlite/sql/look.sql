-- What the record says to a claim, where that is decided without a write; its
-- own attempt's verdict (1) still needs its lease renewed. No row: undecided.
--
-- ?1 id, ?2 token, ?3 fingerprint
SELECT
    CASE WHEN r.state = 4 THEN 3 WHEN r.state = 1 AND r.token = ?2 THEN 1 ELSE 2 END,
    r.previous,
    r.fence,
    r.fingerprint,
    clock.now - r.started,
    CASE WHEN r.state = 1 THEN min(r.lease_until - clock.now, r.lease) ELSE 0 END,
    r.expires_at - clock.now,
    0,
    CASE WHEN r.state = 4 THEN r.answer END,
    r.trace
FROM
    idempotency_records AS r,
    (SELECT CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) * 1000 AS now) AS clock
WHERE r.id = ?1 AND r.expires_at > clock.now AND CASE r.state
    WHEN 1 THEN r.token = ?2 OR r.lease_until > clock.now OR r.fingerprint <> ?3
    WHEN 3 THEN r.fingerprint <> ?3
    ELSE r.state = 4
END
