-- An operator deletes a done record of this fence. Changes one row, or none if
-- it is refused.
--
-- ? id, fence
DELETE r FROM idempotency_records AS r FORCE INDEX (PRIMARY)
WHERE r.id = ? AND r.fence = ? AND r.state = 4
