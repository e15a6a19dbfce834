-- Deletes a batch of records past their grace, from the front of the index;
-- rows that another sweeper or a claim holds at this moment are skipped.
-- Returns how many.
--
-- $1 the most rows
WITH clock AS MATERIALIZED (
    SELECT (extract(epoch FROM statement_timestamp()) * 1000000)::bigint AS now
),
swept AS (
    DELETE FROM idempotency_records WHERE id = ANY (ARRAY(
        SELECT r.id FROM idempotency_records AS r
        WHERE r.keep_until <= (SELECT now FROM clock)
        ORDER BY r.keep_until
        LIMIT $1
        FOR UPDATE SKIP LOCKED
    ))
    RETURNING 1
)
SELECT count(*) FROM swept
