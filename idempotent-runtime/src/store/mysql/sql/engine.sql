-- What keeps the table's rows.
--
-- ? the table's name
SELECT CONVERT(IFNULL(t.engine, 'none: a view, or a damaged table') USING utf8mb4)
FROM information_schema.tables AS t
WHERE t.table_schema = DATABASE() AND t.table_name = ?
