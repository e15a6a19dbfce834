-- How many records run under a live lease, and how many are stuck: counted by
-- their index, up to 10,000. And of the 2,000 records of the lowest ids: how many
-- there are, how many run or are stuck, are stuck, are done, have expired, and
-- the last one's id. Ids are digests: these are as good as drawn by lot, and how
-- close together they lie tells how many records there are.
WITH clock AS MATERIALIZED (
    SELECT (extract(epoch FROM statement_timestamp()) * 1000000)::bigint AS now
),
running AS (
    SELECT FROM idempotency_records
    WHERE state = 1 AND lease_until > (SELECT now FROM clock)
    ORDER BY lease_until
    LIMIT 10000
),
stuck AS (
    SELECT expires_at FROM idempotency_records
    WHERE state = 1 AND lease_until <= (SELECT now FROM clock)
    ORDER BY lease_until
    LIMIT 10000
),
sample AS MATERIALIZED (
    SELECT id, state, lease_until, expires_at, now
    FROM (
        SELECT id, state, lease_until, expires_at FROM idempotency_records
        ORDER BY id
        LIMIT 2000
    ) AS lowest, clock
)
SELECT
    (SELECT count(*) FROM running),
    (SELECT count(*) FILTER (WHERE expires_at > (SELECT now FROM clock)) FROM stuck),
    -- Some of them may have expired since.
    (SELECT count(*) FROM stuck),
    count(*),
    count(*) FILTER (WHERE state = 1 AND expires_at > now),
    count(*) FILTER (WHERE state = 1 AND expires_at > now AND lease_until <= now),
    count(*) FILTER (WHERE state = 4 AND expires_at > now),
    count(*) FILTER (WHERE expires_at <= now),
    (SELECT id FROM sample ORDER BY id DESC LIMIT 1)
FROM sample
