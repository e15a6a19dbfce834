-- To become the one attempt that runs, or to learn what stands in the way.
-- Without flags, so that a full server still answers replays: only SET fails.
--
-- KEYS[1]  the record
-- ARGV     token (16 bytes), fingerprint (33), flags (1), lease in ms,
--          life in ms (ttl or lease, whichever is longer), grace in ms,
--          the sections with their length before them
-- Returns  now in µs, the record's value, and for how long in µs it had
--          expired where an expired one was claimed afresh. The value tells
--          the verdict: running with this token, running otherwise, or done.
local key, token, fingerprint = KEYS[1], ARGV[1], ARGV[2]

local value = redis.call('GET', key)

-- The one look at the clock.
local time = redis.call('TIME')
local now = time[1] * 1000000 + time[2]

local fence, previous, attempts, ago, steps = now, 0, 1, nil, ''
if value then
  -- Another format's record is left alone, for the caller to refuse.
  if #value < 101 or string.byte(value) ~= 1 then
    return { now, value }
  end
  local state = string.byte(value, 2)
  local expires_at = struct.unpack('>I8', value, 82)
  if expires_at <= now then
    previous, ago = string.sub(value, 33, 65) == fingerprint and 4 or 5, now - expires_at
  elseif state == 68 then -- done: a replay, which writes nothing
    return { now, value }
  elseif state == 82 then -- running
    local lease_until = struct.unpack('>I8', value, 74)
    if string.sub(value, 9, 24) == token then
      -- The same claim, sent again: the same answer, and a fresh lease.
      lease_until = now + ARGV[4] * 1000
      redis.call('SETRANGE', key, 73,
        struct.pack('>I8I8I4', lease_until, math.max(expires_at, lease_until), ARGV[4]))
      if lease_until > expires_at then
        redis.call('PEXPIRE', key, ARGV[4] + struct.unpack('>I4', value, 94) + 2)
      end
      return { now, value }
    end
    if lease_until > now or string.sub(value, 33, 65) ~= fingerprint then
      return { now, value }
    end
    previous = 3
  elseif state == 73 then -- interrupted: free for the same request only
    if string.sub(value, 33, 65) ~= fingerprint then
      return { now, value }
    end
    previous = 2
  else -- free for any request
    previous = 1
  end
  fence = math.max(now, struct.unpack('>I8', value, 25) + 1)
  if not ago then
    attempts = math.min(struct.unpack('>I4', value, 5) + 1, 4294967295)
    -- What was done holds for the same request.
    if string.sub(value, 33, 65) == fingerprint then
      steps = string.sub(value, 102 + struct.unpack('>I4', value, 98))
    end
  end
end

value = '\1R' .. ARGV[3] .. struct.pack('>BI4', previous, attempts)
  .. token .. struct.pack('>I8', fence) .. fingerprint
  .. struct.pack('>I8I8I8I4I4', now, now + ARGV[4] * 1000, now + ARGV[5] * 1000, ARGV[4], ARGV[6])
  .. ARGV[7] .. steps

-- Redis ends the key after the grace; 2 ms more, as it counts in whole ones.
redis.call('SET', key, value, 'PX', ARGV[5] + ARGV[6] + 2)
return { now, value, ago }
