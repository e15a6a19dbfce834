-- A claim inside the caller's transaction: 1 claimed, 2 running, 3 done, 5
-- another open transaction has it. It writes nothing: the claim is the lock,
-- which is given or refused at once and goes with the transaction, so that a
-- replay costs no more than its read. Where the transaction is the runtime's, it
-- also gets its bounds, unless stricter ones are set. A database has one space of
-- locks for the tables of all its schemas: hence the table's own number.
--
-- $1 id, $2 fingerprint, $3 the lock's number, $4 bound in milliseconds (0: none)
WITH clock AS MATERIALIZED (
    SELECT
        (extract(epoch FROM statement_timestamp()) * 1000000)::bigint AS now,
        pg_try_advisory_xact_lock($3 # ('idempotency_records'::regclass::oid::bigint << 32)) AS mine,
        CASE WHEN $4 > 0 AND (
            current_setting('statement_timeout') = '0'
            OR current_setting('statement_timeout')::interval > $4 * interval '1 ms'
        ) THEN set_config('statement_timeout', $4::text, true) END AS statement_bound,
        CASE WHEN $4 > 0 AND (
            current_setting('idle_in_transaction_session_timeout') = '0'
            OR current_setting('idle_in_transaction_session_timeout')::interval > $4 * interval '1 ms'
        ) THEN set_config('idle_in_transaction_session_timeout', $4::text, true) END AS idle_bound
),
found AS (
    SELECT
        clock.*, fence, fingerprint, started, lease, lease_until, expires_at, state, answer, trace,
        CASE
            WHEN expires_at > now AND state = 4 THEN 3
            WHEN expires_at > now AND state = 1 AND (lease_until > now OR fingerprint <> $2) THEN 2
            WHEN expires_at > now AND state = 3 AND fingerprint <> $2 THEN 2
            WHEN mine THEN 1
            ELSE 5
        END::bigint AS verdict
    FROM clock LEFT JOIN idempotency_records ON id = $1
)
SELECT
    verdict,
    CASE
        WHEN state IS NULL THEN 0
        WHEN expires_at <= now THEN CASE WHEN fingerprint = $2 THEN 4 ELSE 5 END
        ELSE CASE state WHEN 1 THEN 3 WHEN 2 THEN 1 ELSE 2 END
    END::bigint,
    CASE WHEN verdict = 1 THEN greatest(now, fence + 1) ELSE coalesce(fence, 0) END,
    fingerprint,
    coalesce(now - started, 0),
    CASE WHEN state = 1 THEN least(lease_until - now, lease) ELSE 0 END,
    coalesce(expires_at - now, 0),
    coalesce(greatest(now - expires_at, 0), 0),
    CASE WHEN verdict = 3 THEN answer END,
    trace
FROM found
