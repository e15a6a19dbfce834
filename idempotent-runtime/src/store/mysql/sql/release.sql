-- Gives a record back; sent again, it changes nothing. Finds one row, or none
-- if it is not the caller's.
--
-- ? state (2 for a retry, 3 interrupted), id, token
UPDATE idempotency_records FORCE INDEX (PRIMARY) SET state = IF(state = 1, ?, state)
WHERE id = ? AND token = ? AND state IN (1, 2, 3)
