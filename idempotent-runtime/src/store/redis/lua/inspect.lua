-- A record without its answer; writes nothing.
--
-- KEYS[1]  the record
-- Returns  now in µs, the header and sections and the answer's first byte
--          (empty where there is no record), the value's length
local key = KEYS[1]

local head = redis.call('GETRANGE', key, 0, 100)
if #head == 101 and string.byte(head) == 1 then
  head = redis.call('GETRANGE', key, 0, 101 + struct.unpack('>I4', head, 98))
end
local length = redis.call('STRLEN', key)

-- The one look at the clock.
local time = redis.call('TIME')
return { time[1] * 1000000 + time[2], head, length }
