-- record_within.sql for MySQL, which has neither RETURNING nor a variable that
-- tells of the transaction. Counts 1 for a new record, 2 for one that was there,
-- changed or refused, and 0 where another transaction has claimed it since.
--
-- ? id, token, fingerprint, operation, owner, trace, fence, fence, ttl, ttl and
-- grace, answer, slot
INSERT INTO idempotency_records (
    id, token, fingerprint, operation, owner, trace, fence, started, lease, lease_until,
    expires_at, keep_until, attempts, state, previous, step, ago, answer
)
-- The fence is the claim's time, unless it had to be above an earlier one.
SELECT
    ?, ?, ?, ?, ?, ?, ?, LEAST(?, clock.micros), 0, clock.micros,
    clock.micros + ?, clock.micros + ?, 1, 4, 0, 0, 0, ?
FROM (
    SELECT
        COUNT(*) AS mine,
        TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) AS micros
    FROM idempotency_records_slots WHERE slot = ? FOR UPDATE SKIP LOCKED
) AS clock
WHERE clock.mine = 1
ON DUPLICATE KEY UPDATE
    step = CASE
        WHEN fence >= VALUES(fence) THEN IF(step = 7, 8, 7)
        WHEN expires_at <= clock.micros THEN IF(fingerprint = VALUES(fingerprint), 4, 5)
        WHEN state = 1 AND lease_until <= clock.micros AND fingerprint = VALUES(fingerprint) THEN 3
        WHEN state = 2 THEN 1
        WHEN state = 3 AND fingerprint = VALUES(fingerprint) THEN 2
        ELSE IF(step = 7, 8, 7)
    END,
    fence = IF(step BETWEEN 1 AND 5, VALUES(fence), fence),
    started = IF(step BETWEEN 1 AND 5, VALUES(started), started),
    lease = IF(step BETWEEN 1 AND 5, VALUES(lease), lease),
    lease_until = IF(step BETWEEN 1 AND 5, VALUES(lease_until), lease_until),
    ago = CASE WHEN step IN (4, 5) THEN clock.micros - expires_at
        WHEN step BETWEEN 1 AND 3 THEN 0 ELSE ago END,
    expires_at = IF(step BETWEEN 1 AND 5, VALUES(expires_at), expires_at),
    keep_until = IF(step BETWEEN 1 AND 5, VALUES(keep_until), keep_until),
    attempts = CASE WHEN step IN (4, 5) THEN 1 WHEN step IN (1, 2, 3) THEN attempts + 1
        ELSE attempts END,
    state = IF(step BETWEEN 1 AND 5, 4, state),
    previous = IF(step BETWEEN 1 AND 5, step, previous),
    token = IF(step BETWEEN 1 AND 5, VALUES(token), token),
    fingerprint = IF(step BETWEEN 1 AND 5, VALUES(fingerprint), fingerprint),
    operation = IF(step BETWEEN 1 AND 5, VALUES(operation), operation),
    owner = IF(step BETWEEN 1 AND 5, VALUES(owner), owner),
    trace = IF(step BETWEEN 1 AND 5, VALUES(trace), trace),
    answer = IF(step BETWEEN 1 AND 5, VALUES(answer), answer)
