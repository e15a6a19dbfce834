-- Deletes those of a batch that are still past their grace: row by row, by
-- their keys, so that no claim meets a lock on a gap between them.
--
-- ? id of each in hex, as a JSON array
DELETE r
FROM
    JSON_TABLE(?, '$[*]' COLUMNS (id CHAR(64) PATH '$')) AS due
    STRAIGHT_JOIN idempotency_records AS r FORCE INDEX (PRIMARY)
        ON r.id = UNHEX(due.id)
WHERE r.keep_until <= TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))
