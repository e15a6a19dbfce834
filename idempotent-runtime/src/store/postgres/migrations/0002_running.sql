-- Version 2: what runs, and what is stuck, without a scan. The index is as
-- small as the number of running attempts. (The statements that look an id up
-- say `state < 2` for running, so that no plan ever does it by this index.)
CREATE INDEX IF NOT EXISTS idempotency_records_running
    ON idempotency_records (lease_until) WHERE state = 1;
