-- What is wrong with the table, as the connected role sees it: whether it is
-- there; columns that are missing, or of another type; whether its id is
-- unique; privileges that are missing; whether the server takes writes.
--
-- $1 the table's name, quoted
WITH wanted (name, type) AS (
    VALUES
        ('id', 'bytea'), ('fence', 'bigint'), ('started', 'bigint'), ('lease', 'bigint'),
        ('lease_until', 'bigint'), ('expires_at', 'bigint'), ('keep_until', 'bigint'),
        ('attempts', 'integer'), ('state', 'smallint'), ('previous', 'smallint'),
        ('notify', 'boolean'), ('token', 'bytea'), ('fingerprint', 'bytea'),
        ('operation', 'text'), ('owner', 'text'), ('trace', 'bytea'), ('answer', 'bytea')
),
records AS (SELECT to_regclass($1) AS oid),
present AS (
    SELECT w.name, w.type, a.attname IS NOT NULL AS there, format_type(a.atttypid, NULL) AS found
    FROM wanted AS w CROSS JOIN records
    LEFT JOIN pg_attribute AS a
        ON a.attrelid = records.oid AND a.attname = w.name AND NOT a.attisdropped
)
SELECT
    records.oid IS NOT NULL,
    (SELECT array_agg(name) FROM present WHERE NOT there),
    (
        SELECT array_agg(format('%s (%s instead of %s)', name, found, type))
        FROM present WHERE there AND found <> type
    ),
    EXISTS (
        SELECT FROM pg_index AS i JOIN pg_attribute AS a ON a.attrelid = i.indrelid
        WHERE i.indrelid = records.oid AND i.indisunique AND i.indisvalid AND i.indpred IS NULL
            AND i.indnkeyatts = 1 AND i.indkey[0] = a.attnum AND a.attname = 'id'
    ),
    (
        SELECT array_agg(verb) FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS verb
        WHERE NOT has_table_privilege(records.oid, verb)
    ),
    pg_is_in_recovery()
FROM records
