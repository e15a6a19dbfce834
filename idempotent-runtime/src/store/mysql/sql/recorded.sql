-- Whether insert_within.sql replaced the record that it found: 1, or 0.
--
-- ? token, fence, id
SELECT IF(state = 4 AND token = ? AND fence = ?, 1, 0) FROM idempotency_records WHERE id = ?
