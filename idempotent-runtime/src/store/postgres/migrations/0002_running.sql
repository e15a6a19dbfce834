-- Version 2: what runs, and what is stuck, without a scan. The index is as
-- small as the number of running attempts.
CREATE INDEX IF NOT EXISTS idempotency_records_running
    ON idempotency_records (lease_until, id) WHERE state = 1;
