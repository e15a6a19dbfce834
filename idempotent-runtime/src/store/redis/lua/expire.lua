#!lua flags=allow-oom
-- An operator ends a lease, so that the next claim takes over.
--
-- KEYS[1]  the record
-- ARGV     fence (8 bytes)
-- Returns  1 applied, 0 refused
local key = KEYS[1]

local head = redis.call('GETRANGE', key, 0, 80)
if #head < 81 or string.sub(head, 1, 2) ~= '\1R' or string.sub(head, 25, 32) ~= ARGV[1] then
  return 0
end

-- The one look at the clock.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

redis.call('SETRANGE', key, 73, struct.pack('>I8', math.min(struct.unpack('>I8', head, 74), now)))
if string.byte(head, 3) % 2 == 1 then
  redis.pcall('PUBLISH', key, '')
end
return 1
