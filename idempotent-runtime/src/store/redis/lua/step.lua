#!lua flags=allow-oom
-- Records a step of a running attempt, after those before. A full server lets
-- it: what was done is not forgotten.
--
-- KEYS[1]  the record
-- ARGV     token and fence (24 bytes), the step's bytes
-- Returns  1 held, 0 lost, 4 a record of another format
local key = KEYS[1]

local head = redis.call('GETRANGE', key, 0, 31)
if head == '' then
  return 0
end
if #head < 32 or string.byte(head) ~= 1 then
  return 4
end
if string.byte(head, 2) ~= 82 or string.sub(head, 9, 32) ~= ARGV[1] then
  return 0
end

redis.call('SETRANGE', key, redis.call('STRLEN', key), ARGV[2])
return 1
