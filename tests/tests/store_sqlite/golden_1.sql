-- A finished record, column by column as version 1 wrote it. Its id is that of
-- the key "golden" of tests::operation in the scope "tests"; it expires in 2100.
INSERT INTO idempotency_records (
    id, fence, started, lease, lease_until, expires_at, keep_until, attempts, state, previous,
    ago, token, fingerprint, operation, owner, trace, answer
) VALUES (
    x'662839ccaa509c0c61e361559e5d25ca5b0949c4496294ecfad440583a6bd552',
    1700000000000000, 1700000000000000, 30000000, 1700000030000000,
    4102444800000000, 4102448400000000, 2, 4, 3,
    0, x'000102030405060708090a0b0c0d0e0f',
    x'000000000000000000000000000000000000000000000000000000000000000000',
    'tests::operation', 'web-1',
    x'000102030405060708090a0b0c0d0e0f101112131415161718', x'027b7d'
);
