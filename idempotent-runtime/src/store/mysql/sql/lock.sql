-- One process at a time migrates a database; 1 once it is this one's turn. The
-- lock ends with the connection, also when its process dies.
SELECT CAST(GET_LOCK(CONCAT('idempotent: migrate ', MD5(DATABASE())), 60) AS SIGNED)
