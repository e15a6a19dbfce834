-- A claim inside a transaction that holds the file's lock for writing: 1
-- claimed, 2 running, 3 done. It writes nothing: nobody else can write before
-- the transaction ends, so that what is read here stays so.
--
-- ?1 id, ?2 fingerprint
WITH found AS (
    SELECT
        clock.now, r.*,
        CASE
            WHEN r.id IS NULL OR r.expires_at <= clock.now THEN 1
            WHEN r.state = 4 THEN 3
            WHEN r.state = 1 AND (r.lease_until > clock.now OR r.fingerprint <> ?2) THEN 2
            WHEN r.state = 3 AND r.fingerprint <> ?2 THEN 2
            ELSE 1
        END AS verdict
    FROM
        (SELECT CAST(round((julianday('now') - 2440587.5) * 86400000.0) AS INTEGER) * 1000 AS now) AS clock
        LEFT JOIN idempotency_records AS r ON r.id = ?1
)
SELECT
    verdict,
    CASE
        WHEN state IS NULL THEN 0
        WHEN expires_at <= now THEN CASE WHEN fingerprint = ?2 THEN 4 ELSE 5 END
        ELSE CASE state WHEN 1 THEN 3 WHEN 2 THEN 1 ELSE 2 END
    END,
    CASE WHEN verdict = 1 THEN max(now, ifnull(fence, 0) + 1) ELSE fence END,
    fingerprint,
    ifnull(now - started, 0),
    CASE WHEN state = 1 THEN max(min(lease_until - now, lease), 0) ELSE 0 END,
    ifnull(expires_at - now, 0),
    ifnull(max(now - expires_at, 0), 0),
    CASE WHEN verdict = 3 THEN answer END,
    trace
FROM found
