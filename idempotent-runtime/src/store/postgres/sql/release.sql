-- Gives a record back; sent again, it changes nothing. Returns whether to
-- notify; no row: it is not the caller's.
--
-- $1 id, $2 token, $3 state (2 for a retry, 3 interrupted)
UPDATE idempotency_records SET state = CASE WHEN state = 1 THEN $3 ELSE state END
WHERE id = $1 AND token = $2 AND state IN (1, 2, 3)
RETURNING notify
