-- A claim inside the caller's transaction: 1 claimed, 2 running, 3 done, 5
-- another open transaction has it, 6 the session does not commit by itself, so
-- that a transaction's end could not be noticed. It writes nothing: the claim
-- is the lock on the record's slot, which is given or refused at once and goes
-- with the transaction.
--
-- The slot comes first, and then the record: what a transaction committed before
-- it let the slot go is seen, unless this one has read before and keeps to that.
--
-- ? id, fingerprint, slot
SELECT
    CASE
        WHEN @@autocommit = 0 THEN 6
        WHEN r.expires_at > claim.micros AND r.state = 4 THEN 3
        WHEN r.expires_at > claim.micros AND r.state = 1
            AND (r.lease_until > claim.micros OR r.fingerprint <> claim.fingerprint) THEN 2
        WHEN r.expires_at > claim.micros AND r.state = 3
            AND r.fingerprint <> claim.fingerprint THEN 2
        WHEN claim.mine = 1 THEN 1
        ELSE 5
    END,
    CASE
        WHEN r.state IS NULL THEN 0
        WHEN r.expires_at <= claim.micros THEN IF(r.fingerprint = claim.fingerprint, 4, 5)
        ELSE CASE r.state WHEN 1 THEN 3 WHEN 2 THEN 1 ELSE 2 END
    END,
    -- Done or running: the record's own. Claimed: above it.
    IF(
        r.expires_at > claim.micros AND (r.state = 4 OR claim.mine = 0),
        r.fence,
        GREATEST(claim.micros, IFNULL(r.fence, 0) + 1)
    ),
    r.fingerprint,
    IFNULL(claim.micros - r.started, 0),
    IF(r.state = 1, LEAST(r.lease_until - claim.micros, r.lease), 0),
    IFNULL(r.expires_at - claim.micros, 0),
    IFNULL(GREATEST(claim.micros - r.expires_at, 0), 0),
    IF(r.state = 4 AND r.expires_at > claim.micros, r.answer, NULL),
    r.trace
FROM
    (
        SELECT
            COUNT(*) AS mine,
            CAST(? AS BINARY(32)) AS id,
            CAST(? AS BINARY(33)) AS fingerprint,
            TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) AS micros
        FROM idempotency_records_slots WHERE slot = ? FOR UPDATE SKIP LOCKED
    ) AS claim
    LEFT JOIN idempotency_records AS r ON r.id = claim.id
