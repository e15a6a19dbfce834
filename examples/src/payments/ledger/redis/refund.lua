-- KEYS[1] a payment; ARGV[1] the refund's id, ARGV[2] its amount. Returns 1 and
-- how much went back in all, or 0 and how much is left.
local refund, amount = 'refund:' .. ARGV[1], tonumber(ARGV[2])
local paid = tonumber(redis.call('HGET', KEYS[1], 'amount'))
local refunded = tonumber(redis.call('HGET', KEYS[1], 'refunded') or 0)
-- Sent again, as its reply was lost: it is done.
if redis.call('HEXISTS', KEYS[1], refund) == 1 then
  return {1, refunded}
end
if amount > paid - refunded then
  return {0, paid - refunded}
end
redis.call('HSET', KEYS[1], refund, amount)
return {1, redis.call('HINCRBY', KEYS[1], 'refunded', amount)}
