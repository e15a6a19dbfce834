-- Version 1: the records, one row each. All times and durations are
-- microseconds on the server's clock; moments count since 1970.
CREATE TABLE IF NOT EXISTS idempotency_records (
    id          bytea    NOT NULL PRIMARY KEY, -- 32 bytes: a digest of operation, scope and key
    fence       bigint   NOT NULL,             -- the fencing token of the present attempt
    started     bigint   NOT NULL,             -- when the present attempt claimed the record
    lease       bigint   NOT NULL,             -- for how long its lease was last taken
    lease_until bigint   NOT NULL,             -- when that lease runs out
    expires_at  bigint   NOT NULL,             -- when the record's life ends
    keep_until  bigint   NOT NULL,             -- when the sweep may delete it
    attempts    integer  NOT NULL,             -- how many attempts there were
    state       smallint NOT NULL,             -- 1 running, 2 free for a retry, 3 interrupted, 4 done
    previous    smallint NOT NULL,             -- 0 none, 1 released, 2 interrupted, 3 taken over,
                                               -- 4 expired (same fingerprint), 5 expired (another)
    notify      boolean  NOT NULL,             -- whether the attempt's end is to be notified
    token       bytea    NOT NULL,             -- 16 bytes that prove whose claim it is
    fingerprint bytea    NOT NULL,             -- 33 bytes: what the present attempt was asked
    operation   text     NOT NULL,
    owner       text     NOT NULL,             -- the process that claimed it
    trace       bytea,                         -- 25 bytes
    answer      bytea                          -- of a done record; of others, their steps so far
);
-- The sweep deletes from the front of this index; lists of all records page by
-- it. Without the id, so that no plan ever looks an id up by it.
CREATE INDEX IF NOT EXISTS idempotency_records_sweep
    ON idempotency_records (keep_until);
-- The planner scans a table of a few pages, and a prepared plan would go on to
-- scan it after a burst, until the next ANALYZE. So the table has 128 pages, a
-- megabyte, from the start, and vacuum never gives them back.
ALTER TABLE idempotency_records SET (vacuum_truncate = false);
INSERT INTO idempotency_records
SELECT
    int2send(n::smallint), 0, 0, 0, 0, 0, 0, 0, 0, 0, false, '', '', '', '', NULL,
    decode(repeat('00', 1800), 'hex')
FROM generate_series(1, 512) AS n
ON CONFLICT DO NOTHING;
DELETE FROM idempotency_records
WHERE id IN (SELECT int2send(n::smallint) FROM generate_series(1, 512) AS n);
