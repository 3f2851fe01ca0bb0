-- Looks at a key again and again while somebody else writes it: where scripts run one at a time, it never changes.
local first = redis.call('GET', KEYS[1])
for look = 1, tonumber(ARGV[1]) do
  if redis.call('GET', KEYS[1]) ~= first then return look end
end
return 0
