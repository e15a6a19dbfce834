-- Version 1: the records, one row each. All times and durations are
-- microseconds on the host's clock, which SQLite reads to the millisecond;
-- moments count since 1970.
CREATE TABLE IF NOT EXISTS idempotency_records (
    id          BLOB    NOT NULL PRIMARY KEY, -- 32 bytes: a digest of operation, scope and key
    fence       INTEGER NOT NULL,             -- the fencing token of the present attempt
    started     INTEGER NOT NULL,             -- when the present attempt claimed the record
    lease       INTEGER NOT NULL,             -- for how long its lease was last taken
    lease_until INTEGER NOT NULL,             -- when that lease runs out
    expires_at  INTEGER NOT NULL,             -- when the record's life ends
    keep_until  INTEGER NOT NULL,             -- when the sweep may delete it
    attempts    INTEGER NOT NULL,             -- how many attempts there were
    state       INTEGER NOT NULL,             -- 1 running, 2 free for a retry, 3 interrupted, 4 done
    previous    INTEGER NOT NULL,             -- 0 none, 1 released, 2 interrupted, 3 taken over,
                                              -- 4 expired (same fingerprint), 5 expired (another)
    ago         INTEGER NOT NULL,             -- how long ago what was claimed afresh had expired
    token       BLOB    NOT NULL,             -- 16 bytes that prove whose claim it is
    fingerprint BLOB    NOT NULL,             -- 33 bytes: what the present attempt was asked
    operation   TEXT    NOT NULL,
    owner       TEXT    NOT NULL,             -- the process that claimed it
    trace       BLOB,                         -- 25 bytes
    answer      BLOB                          -- of a done record; of others, their steps so far
) STRICT, WITHOUT ROWID;
-- The sweep deletes from the front of this index; lists of all records page by it.
CREATE INDEX IF NOT EXISTS idempotency_records_sweep
    ON idempotency_records (keep_until, id);
-- What runs, and what is stuck: as small as the number of running attempts.
CREATE INDEX IF NOT EXISTS idempotency_records_running
    ON idempotency_records (lease_until, id) WHERE state = 1;
