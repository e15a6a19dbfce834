-- Which of the records that somebody waits for still run under a live lease,
-- for how long yet, and whether their end will be notified. One statement for
-- all waiters of a process.
--
-- $1 ids
SELECT r.id, least(r.lease_until - clock.now, r.lease), r.notify
FROM
    idempotency_records AS r,
    (SELECT (extract(epoch FROM statement_timestamp()) * 1000000)::bigint AS now) AS clock
WHERE r.id = ANY ($1) AND r.state < 2 AND r.lease_until > clock.now
