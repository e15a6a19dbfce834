-- Records a step of a running attempt, after those before. Changes one row, or
-- none if it is not the attempt's.
--
-- ? the step's bytes, id, token, fence
UPDATE idempotency_records FORCE INDEX (PRIMARY) SET answer = CONCAT(IFNULL(answer, ''), ?)
WHERE id = ? AND token = ? AND fence = ? AND state = 1
