-- Renews the leases of running attempts, a batch in one statement. Returns the
-- id and token of each that is still its caller's.
--
-- ?1 id (32 bytes) and token (16) of each
-- ?2 lease of each, as a JSON array
UPDATE idempotency_records AS r SET
    lease = mine.lease,
    lease_until = clock.now + mine.lease,
    expires_at = max(r.expires_at, clock.now + mine.lease),
    keep_until = r.keep_until + max(clock.now + mine.lease - r.expires_at, 0)
FROM
    (
        SELECT
            substr(?1, 48 * key + 1, 32) AS id,
            substr(?1, 48 * key + 33, 16) AS token,
            value AS lease
        FROM json_each(?2)
    ) AS mine,
    (SELECT CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) * 1000 AS now) AS clock
WHERE r.id = mine.id AND r.token = mine.token AND r.state = 1
RETURNING id, token
