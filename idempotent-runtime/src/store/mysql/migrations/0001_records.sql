-- Version 1: the records, one row each. All times and durations are
-- microseconds on the server's clock; moments count since 1970.
CREATE TABLE IF NOT EXISTS idempotency_records (
    id          BINARY(32) NOT NULL PRIMARY KEY, -- a digest of operation, scope and key
    fence       BIGINT     NOT NULL, -- the fencing token of the present attempt
    started     BIGINT     NOT NULL, -- when the present attempt claimed the record
    lease       BIGINT     NOT NULL, -- for how long its lease was last taken
    lease_until BIGINT     NOT NULL, -- when that lease runs out
    expires_at  BIGINT     NOT NULL, -- when the record's life ends
    keep_until  BIGINT     NOT NULL, -- when the sweep may delete it
    attempts    INT        NOT NULL, -- how many attempts there were
    state       TINYINT    NOT NULL, -- 1 running, 2 free for a retry, 3 interrupted, 4 done
    previous    TINYINT    NOT NULL, -- 0 none, 1 released, 2 interrupted, 3 taken over,
                                     -- 4 expired (same fingerprint), 5 expired (another)
    step        TINYINT    NOT NULL, -- what the last claim's update decided: see claim.sql
    ago         BIGINT     NOT NULL, -- how long ago what was claimed afresh had expired
    token       BINARY(16) NOT NULL, -- proves whose claim it is
    fingerprint BINARY(33) NOT NULL, -- what the present attempt was asked
    operation   TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL,
    owner       TEXT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL, -- the claiming process
    trace       BINARY(25) NULL,
    answer      LONGBLOB   NULL,     -- of a done record; of others, their steps so far
    -- The sweep deletes from the front of this index; lists of all records page by it.
    KEY idempotency_records_sweep (keep_until, id),
    -- What runs, and what is stuck, without a scan.
    KEY idempotency_records_running (state, lease_until, id)
) ENGINE = InnoDB;
