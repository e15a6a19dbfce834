-- Gives records back, a batch in one statement; sent again, they keep their
-- first reason. Returns the id and token of each that is its caller's.
--
-- ?1 id (32 bytes) and token (16) of each
-- ?2 state of each (2 for a retry, 3 interrupted), as a JSON array
UPDATE idempotency_records AS r SET
    state = CASE r.state WHEN 1 THEN mine.state ELSE r.state END
FROM (
    SELECT
        substr(?1, 48 * key + 1, 32) AS id,
        substr(?1, 48 * key + 33, 16) AS token,
        value AS state
    FROM json_each(?2)
) AS mine
WHERE r.id = mine.id AND r.token = mine.token AND r.state IN (1, 2, 3)
RETURNING id, token
