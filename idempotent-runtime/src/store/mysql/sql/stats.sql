-- How many records run under a live lease, and how many are stuck: counted by
-- their index, up to 10,000. And of the 2,000 records of the lowest ids: how many
-- there are, how many run or are stuck, are stuck, are done, have expired, and
-- the last one's id. Ids are digests: these are as good as drawn by lot, and how
-- close together they lie tells how many records there are.
SELECT
    (SELECT COUNT(*) FROM (
        SELECT 1
        FROM idempotency_records FORCE INDEX (idempotency_records_running)
        WHERE
            state = 1
            AND lease_until > TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))
        LIMIT 10000
    ) AS running),
    CAST(stuck.live AS SIGNED),
    -- Some of them may have expired since.
    CAST(stuck.found AS SIGNED),
    COUNT(sample.id),
    CAST(IFNULL(SUM(sample.state = 1 AND sample.expires_at > micros), 0) AS SIGNED),
    CAST(IFNULL(
        SUM(sample.state = 1 AND sample.expires_at > micros AND sample.lease_until <= micros), 0
    ) AS SIGNED),
    CAST(IFNULL(SUM(sample.state = 4 AND sample.expires_at > micros), 0) AS SIGNED),
    CAST(IFNULL(SUM(sample.expires_at <= micros), 0) AS SIGNED),
    MAX(sample.id)
FROM
    (SELECT TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) AS micros) AS clock
    CROSS JOIN (
        SELECT
            COUNT(*) AS found,
            IFNULL(SUM(
                expires_at > TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))
            ), 0) AS live
        FROM (
            SELECT expires_at
            FROM idempotency_records FORCE INDEX (idempotency_records_running)
            WHERE
                state = 1
                AND lease_until <= TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))
            LIMIT 10000
        ) AS lapsed
    ) AS stuck
    LEFT JOIN (
        SELECT id, state, lease_until, expires_at
        FROM idempotency_records FORCE INDEX (PRIMARY)
        ORDER BY id
        LIMIT 2000
    ) AS sample ON TRUE
GROUP BY stuck.live, stuck.found
