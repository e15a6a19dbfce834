-- Tells all listening processes that these attempts have ended. Apart from
-- the statements that end them, as commits that notify wait for one another.
--
-- $1 channel, $2 ids in hex
SELECT count(pg_notify($1, id)) FROM unnest($2::text[]) AS ended (id)
