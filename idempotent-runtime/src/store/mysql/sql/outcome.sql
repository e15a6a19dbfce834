-- What holds of a record, to a claim: what its upsert returns, or a SELECT after it.
--
-- ? token
    CASE WHEN state = 4 THEN 3 WHEN state = 1 AND token = ? THEN 1 ELSE 2 END,
    previous,
    fence,
    fingerprint,
    TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)) - started,
    IF(
        state = 1,
        LEAST(lease_until - TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)), lease),
        0
    ),
    expires_at - TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6)),
    ago,
    answer,
    trace
