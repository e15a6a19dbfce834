-- An operator deletes a finished record.
--
-- KEYS[1]  the record
-- ARGV     fence (8 bytes)
-- Returns  1 applied, 0 refused
local head = redis.call('GETRANGE', KEYS[1], 0, 31)
if string.sub(head, 1, 2) ~= '\1D' or string.sub(head, 25, 32) ~= ARGV[1] then
  return 0
end
redis.call('DEL', KEYS[1])
return 1
