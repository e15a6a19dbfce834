-- KEYS[1] an account's payments; ARGV[1] a payment's id. One that is there
-- keeps its place, so that this may be sent twice.
return redis.call('ZADD', KEYS[1], 'NX', redis.call('ZCARD', KEYS[1]), ARGV[1])
