-- Writes the finished record of a claim inside this transaction. No row: another
-- transaction has claimed it since a savepoint was rolled back to, or this one
-- is over: a deadlock ends one without a word, and what follows would be
-- committed by itself. 0: the record is another's by now. The caller rolls back.
-- On a record that is there, the assignments run from left to right: 1 to 5 as in
-- claim.sql, 7 and 8 refuse, and change the row so that this is counted.
--
-- ? id, token, fingerprint, operation, owner, trace, fence, fence, ttl, ttl and
-- grace, answer, slot; token, fence
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
WHERE clock.mine = 1 AND @@in_transaction = 1
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
RETURNING IF(state = 4 AND token = ? AND fence = ?, 1, 0)
