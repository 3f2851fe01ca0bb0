-- Changes one placement if its reign is still the one expected and the caller is its primary.
-- ARGV: caller, seen, step, partition, expected epoch, change, voters, primary, nonce.
local name, expected, change = 'p' .. ARGV[4], ARGV[5], ARGV[6]
local new_voters, new_primary, nonce = ARGV[7], ARGV[8], ARGV[9]
local head = redis.call('HMGET', key, 'ver', 'view')
if not head[1] or tonumber(head[1]) < seen then return bare(REGRESSED) end

local _, ids = parse_view(head[2])
if not ids[caller] then return reply(FENCED, 0) end

local p = split(field(name), ';')
local knows_target = change ~= 'transfer'
if not knows_target and ids[new_primary] then
  for _, voter in ipairs(split(p[3], ',')) do knows_target = knows_target or voter == new_primary end
end
if p[1] ~= expected or p[2] ~= caller or not knows_target then return reply(CONFLICT, seen) end

local version = num(tonumber(head[1]) + step)
if change == 'activate' then
  p[4], p[5] = p[3], '0'
else
  p[1] = version
  if change == 'voters' then p[3] = new_voters end
  if change == 'transfer' then p[2] = new_primary end
end
p[6] = nonce
redis.call('HSET', key, 'ver', version, name, table.concat(p, ';'))
return reply(OK, 0)
