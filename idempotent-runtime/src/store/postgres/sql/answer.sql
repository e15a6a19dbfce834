-- The answer of a done record that has not expired.
--
-- $1 id
SELECT answer FROM idempotency_records
WHERE
    id = $1 AND state = 4
    AND expires_at > (extract(epoch FROM statement_timestamp()) * 1000000)::bigint
