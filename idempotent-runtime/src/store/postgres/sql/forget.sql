-- An operator deletes a done record of this fence. Returns its fence; no row:
-- refused.
--
-- $1 id, $2 fence
DELETE FROM idempotency_records WHERE id = $1 AND fence = $2 AND state = 4
RETURNING fence
