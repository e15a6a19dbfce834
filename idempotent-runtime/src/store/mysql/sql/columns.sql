-- The table's columns: name, type, and whether it is the whole primary key or
-- part of one.
--
-- ? the table's name
SELECT
    CONVERT(c.column_name USING utf8mb4),
    CONVERT(c.column_type USING utf8mb4),
    CONVERT(c.column_key USING utf8mb4)
FROM information_schema.columns AS c
WHERE c.table_schema = DATABASE() AND c.table_name = ?
