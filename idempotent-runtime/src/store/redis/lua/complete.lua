#!lua flags=allow-oom
-- Finishes a record. A full server lets it: what ran is not forgotten.
--
-- KEYS[1]  the record
-- ARGV     token and fence (24 bytes), ttl in ms, grace in ms, answer
-- Returns  0 stored, 1 lost to a running attempt, 2 lost to a finished one,
--          3 lost to nobody, 4 a record of another format
local key = KEYS[1]

local value = redis.call('GET', key)
if not value then
  return 3
end
if #value < 101 or string.byte(value) ~= 1 then
  return 4
end

local state = string.byte(value, 2)
local own = string.sub(value, 9, 32) == ARGV[1]
if own and state == 68 then -- sent again: the first bytes stay
  return 0
end

-- The one look at the clock.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

if own and state == 82 then
  -- Own, though its lease may have run out: nobody took over. The answer
  -- takes the place of the steps.
  value = '\1D' .. string.sub(value, 3, 81)
    .. struct.pack('>I8', now + ARGV[2] * 1000)
    .. string.sub(value, 90, 101 + struct.unpack('>I4', value, 98)) .. ARGV[4]
  redis.call('SET', key, value, 'PX', ARGV[2] + ARGV[3] + 2)
  -- To those who wait; a failure to tell is no failure to store.
  if string.byte(value, 3) % 2 == 1 then
    redis.pcall('PUBLISH', key, '')
  end
  return 0
end

local lease_until, expires_at = struct.unpack('>I8I8', value, 74)
if expires_at <= now then
  return 3
elseif state == 68 then
  return 2
elseif state == 82 and lease_until > now then
  return 1
end
return 3
