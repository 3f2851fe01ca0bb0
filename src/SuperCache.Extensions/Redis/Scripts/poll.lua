-- Reads the counters of all nodes, and the map when it is newer. ARGV: caller, seen, step, version known, lineage.
local known, lineage = tonumber(ARGV[4]), ARGV[5]
local head = redis.call('HMGET', key, 'ver', 'lineage', 'view')
if not head[1] or head[2] ~= lineage or tonumber(head[1]) < math.max(known, seen) then return bare(REGRESSED) end

local members = parse_view(head[3])
local counters = {}
for i = 1, #members do
  local id = string.sub(members[i], 1, 16)
  counters[i] = id .. '=' .. field('b' .. id)
end
return reply(OK, known, table.concat(counters, ','))
