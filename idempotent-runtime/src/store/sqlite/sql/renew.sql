-- The same claim, sent again: the same answer, and a fresh lease, which never
-- outlives its record. No row: it is not the token's any more.
--
-- ?1 id, ?2 token, ?3 lease
UPDATE idempotency_records AS r SET
    lease = ?3,
    lease_until = clock.now + ?3,
    expires_at = max(r.expires_at, clock.now + ?3),
    keep_until = r.keep_until + max(clock.now + ?3 - r.expires_at, 0)
FROM (SELECT CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) * 1000 AS now) AS clock
WHERE r.id = ?1 AND r.token = ?2 AND r.state = 1 AND r.expires_at > clock.now
RETURNING 1, previous, fence, fingerprint, 0, 0, 0, 0, answer, NULL
