-- A write that changes nothing: who may not write is refused.
DELETE FROM idempotency_records WHERE false
