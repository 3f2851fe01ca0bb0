-- Counts on by one in two steps with some work between them: a server that interleaves scripts loses counts.
local value = tonumber(redis.call('GET', KEYS[1]) or '0')
local work = 0
for i = 1, 20000 do work = work + i % 7 end
redis.call('SET', KEYS[1], string.format('%.0f', value + 1), 'EX', 60)
return work
