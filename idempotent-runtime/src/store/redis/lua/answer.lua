-- A done record, with its answer; writes nothing.
--
-- KEYS[1]  the record
-- Returns  now in µs, the value (empty where no record is done)
local key = KEYS[1]

local value = ''
local state = redis.call('GETRANGE', key, 1, 1)
if state == 'D' then
  value = redis.call('GET', key)
end

-- The one look at the clock.
local time = redis.call('TIME')
return { time[1] * 1000000 + time[2], value }
