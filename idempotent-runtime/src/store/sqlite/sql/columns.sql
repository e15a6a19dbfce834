-- The table's columns, and whether each is the primary key.
--
-- ?1 the table's name
SELECT name, type, pk FROM pragma_table_info(?1)
