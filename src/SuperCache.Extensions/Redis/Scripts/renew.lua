-- Counts the caller's lease on by the step. ARGV: caller, seen, step, version known, lineage, leaving.
local known, lineage, leaving = tonumber(ARGV[4]), ARGV[5], ARGV[6]
local head = redis.call('HMGET', key, 'ver', 'lineage', 'view', 'wire', 'owner', 'fresh')
if not head[1] or head[2] ~= lineage or tonumber(head[1]) < math.max(known, seen) then return bare(REGRESSED) end

local _, ids = parse_view(head[3])
if not ids[caller] then return reply(FENCED, known) end

redis.call('HINCRBY', key, 'b' .. caller, num(step))
if head[5] == caller then
  local left = tonumber(head[6]) - 1
  redis.call('HSET', key, 'owner', left > 0 and caller or NOBODY, 'fresh', num(left))
end
local wire = tonumber(head[4])
local agreed = agreed_wire(wire, head[3])
if agreed ~= wire then redis.call('HSET', key, 'wire', num(agreed)) end

local row = split(ids[caller], ';')
if row[4] ~= leaving then
  row[4] = leaving
  local view = change_view(head[3], caller, table.concat(row, ';'))
  redis.call('HSET', key, 'ver', num(tonumber(head[1]) + step), 'view', view)
end
return reply(OK, known)
