-- Finishes records, a batch in one statement. Returns the id and token of each
-- that was running and its attempt's.
--
-- ?1 id (32 bytes) and token (16) of each
-- ?2 fence, ttl, grace, and where its answer starts and how long it is, of
--    each, as a JSON array of arrays
-- ?3 the answers, one after the other
UPDATE idempotency_records AS r SET
    state = 4,
    answer = substr(?3, mine.start, mine.length),
    expires_at = clock.now + mine.ttl,
    keep_until = clock.now + mine.ttl + mine.grace
FROM
    (
        SELECT
            substr(?1, 48 * key + 1, 32) AS id,
            substr(?1, 48 * key + 33, 16) AS token,
            value ->> 0 AS fence,
            value ->> 1 AS ttl,
            value ->> 2 AS grace,
            value ->> 3 AS start,
            value ->> 4 AS length
        FROM json_each(?2)
    ) AS mine,
    (SELECT CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) * 1000 AS now) AS clock
WHERE r.id = mine.id AND r.token = mine.token AND r.fence = mine.fence AND r.state = 1
RETURNING id, token
