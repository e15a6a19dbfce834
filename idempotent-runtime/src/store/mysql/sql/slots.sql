-- How many slots there are to lock; 65536 if none is missing.
SELECT COUNT(*) FROM idempotency_records_slots
