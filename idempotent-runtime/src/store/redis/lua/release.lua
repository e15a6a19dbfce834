#!lua flags=allow-oom
-- Gives a record back; it keeps its token, fence, attempts and expiry.
--
-- KEYS[1]  the record
-- ARGV     token (16 bytes), the new state: F for a retry, I interrupted
-- Returns  1 held, 0 lost, 4 a record of another format
local key = KEYS[1]

local head = redis.call('GETRANGE', key, 0, 23)
if head == '' then
  return 0
end
if #head < 24 or string.byte(head) ~= 1 then
  return 4
end

local state = string.byte(head, 2)
if string.sub(head, 9, 24) ~= ARGV[1] or state == 68 then
  return 0
end

-- Sent again, it finds the record free, and changes nothing.
if state == 82 then
  redis.call('SETRANGE', key, 1, ARGV[2])
  if string.byte(head, 3) % 2 == 1 then
    redis.pcall('PUBLISH', key, '')
  end
end
return 1
