-- Records a step of a running attempt, after those before. Returns its id; no
-- row: the record is not the attempt's. (`||` would make a text of them.)
--
-- ?1 id, ?2 token, ?3 fence, ?4 the step's bytes
UPDATE idempotency_records SET
    answer = CAST(ifnull(answer, x'') || ?4 AS BLOB)
WHERE id = ?1 AND token = ?2 AND fence = ?3 AND state = 1
RETURNING id
