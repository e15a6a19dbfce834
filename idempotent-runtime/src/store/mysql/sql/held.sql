-- Which of a batch are still their callers', where extend.sql did not find all
-- of them. Returns the id and token of each.
--
-- ? as for extend.sql
SELECT r.id, r.token
FROM
    JSON_TABLE(?, '$[*]' COLUMNS (
        id CHAR(64) PATH '$[0]', token CHAR(32) PATH '$[1]', lease BIGINT PATH '$[2]'
    )) AS mine
    STRAIGHT_JOIN idempotency_records AS r FORCE INDEX (PRIMARY)
        ON r.id = UNHEX(mine.id) AND r.token = UNHEX(mine.token)
WHERE r.state = 1
