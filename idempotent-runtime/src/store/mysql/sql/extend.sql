-- Renews the leases of running attempts, a batch in one statement. Finds a row
-- for each that is still its caller's.
--
-- ? id, token (both in hex) and lease of each, as a JSON array of arrays
UPDATE
    JSON_TABLE(?, '$[*]' COLUMNS (
        id CHAR(64) PATH '$[0]', token CHAR(32) PATH '$[1]', lease BIGINT PATH '$[2]'
    )) AS mine
    STRAIGHT_JOIN idempotency_records AS r FORCE INDEX (PRIMARY)
        ON r.id = UNHEX(mine.id) AND r.token = UNHEX(mine.token)
    JOIN (SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) AS micros) AS clock
SET
    -- Before `expires_at`. Should a server not keep the order, the grace is
    -- lost, and never the record.
    r.keep_until = GREATEST(
        r.keep_until + GREATEST(clock.micros + mine.lease - r.expires_at, 0),
        clock.micros + mine.lease
    ),
    r.expires_at = GREATEST(r.expires_at, clock.micros + mine.lease),
    r.lease = mine.lease,
    r.lease_until = clock.micros + mine.lease
WHERE r.state = 1
