-- Starts an attempt, if one may start by now; outcome.sql says what then holds.
-- On a record that is there, the assignments run from left to right, and each
-- reads what the first one decided from the record as it was:
-- 1 to 5 start an attempt, after what that number means in the column
-- `previous`; 6 is the same claim, sent again, which renews its lease; 0 starts
-- nothing and changes nothing else.
--
-- ? id, token, fingerprint, operation, owner, trace, lease, lease, life (lease or
-- ttl, whichever is longer), life and grace
INSERT INTO idempotency_records (
    id, token, fingerprint, operation, owner, trace, fence, started, lease, lease_until,
    expires_at, keep_until, attempts, state, previous, step, ago, answer
)
SELECT
    ?, ?, ?, ?, ?, ?, clock.micros, clock.micros, ?, clock.micros + ?,
    clock.micros + ?, clock.micros + ?, 1, 1, 0, 0, 0, NULL
FROM (SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) AS micros) AS clock
ON DUPLICATE KEY UPDATE
    step = CASE
        WHEN expires_at <= clock.micros THEN IF(fingerprint = VALUES(fingerprint), 4, 5)
        WHEN state = 1 AND token = VALUES(token) THEN 6
        WHEN state = 1 AND lease_until <= clock.micros AND fingerprint = VALUES(fingerprint) THEN 3
        WHEN state = 2 THEN 1
        WHEN state = 3 AND fingerprint = VALUES(fingerprint) THEN 2
        ELSE 0
    END,
    fence = IF(step BETWEEN 1 AND 5, GREATEST(clock.micros, fence + 1), fence),
    started = IF(step BETWEEN 1 AND 5, clock.micros, started),
    lease = IF(step = 0, lease, VALUES(lease)),
    lease_until = IF(step = 0, lease_until, VALUES(lease_until)),
    ago = CASE step WHEN 0 THEN ago WHEN 4 THEN clock.micros - expires_at
        WHEN 5 THEN clock.micros - expires_at ELSE 0 END,
    keep_until = CASE step WHEN 0 THEN keep_until
        WHEN 6 THEN keep_until + GREATEST(VALUES(lease_until) - expires_at, 0)
        ELSE VALUES(keep_until) END,
    expires_at = CASE step WHEN 0 THEN expires_at
        WHEN 6 THEN GREATEST(expires_at, VALUES(lease_until))
        ELSE VALUES(expires_at) END,
    attempts = CASE WHEN step IN (4, 5) THEN 1 WHEN step IN (1, 2, 3) THEN attempts + 1
        ELSE attempts END,
    state = IF(step BETWEEN 1 AND 5, 1, state),
    previous = IF(step BETWEEN 1 AND 5, step, previous),
    -- The steps so far, for the same request: before its fingerprint is set.
    answer = CASE WHEN step BETWEEN 1 AND 3 AND fingerprint = VALUES(fingerprint) THEN answer
        WHEN step BETWEEN 1 AND 5 THEN NULL ELSE answer END,
    token = IF(step BETWEEN 1 AND 5, VALUES(token), token),
    fingerprint = IF(step BETWEEN 1 AND 5, VALUES(fingerprint), fingerprint),
    operation = IF(step BETWEEN 1 AND 5, VALUES(operation), operation),
    owner = IF(step BETWEEN 1 AND 5, VALUES(owner), owner),
    trace = IF(step BETWEEN 1 AND 5, VALUES(trace), trace)
