-- Records a step of a running attempt, after those before. Returns its id; no
-- row: the record is not the attempt's.
--
-- $1 id, $2 token, $3 fence, $4 the step's bytes
UPDATE idempotency_records AS r SET answer = coalesce(r.answer, ''::bytea) || $4
WHERE r.id = $1 AND r.token = $2 AND r.fence = $3 AND r.state < 2
RETURNING r.id
