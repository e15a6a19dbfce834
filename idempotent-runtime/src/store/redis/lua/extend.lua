#!lua flags=allow-oom
-- Renews a lease.
--
-- KEYS[1]  the record
-- ARGV     token (16 bytes), lease in ms
-- Returns  1 held, 0 lost
local key = KEYS[1]

local head = redis.call('GETRANGE', key, 0, 96)
if #head < 97 or string.sub(head, 1, 2) ~= '\1R' or string.sub(head, 9, 24) ~= ARGV[1] then
  return 0
end

-- The one look at the clock.
local time = redis.call('TIME')
local lease_until = time[1] * 1000000 + time[2] + ARGV[2] * 1000

local expires_at = struct.unpack('>I8', head, 82)
redis.call('SETRANGE', key, 73,
  struct.pack('>I8I8I4', lease_until, math.max(expires_at, lease_until), ARGV[2]))

-- A running record lives at least as long as its lease.
if lease_until > expires_at then
  redis.call('PEXPIRE', key, ARGV[2] + struct.unpack('>I4', head, 94) + 2)
end
return 1
