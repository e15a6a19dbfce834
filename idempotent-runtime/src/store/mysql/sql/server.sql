-- The server's version and this session's SQL mode.
SELECT CONVERT(VERSION() USING utf8mb4), CONVERT(@@SESSION.sql_mode USING utf8mb4)
