-- Removes the caller, when no placement counts on it any more, or it is the last member and the map is still as it saw it.
-- ARGV: caller, seen, step.
local head = redis.call('HMGET', key, 'ver', 'view', 'n')
if not head[1] or tonumber(head[1]) < seen then return bare(REGRESSED) end

local members = parse_view(head[2])
if #members > 1 or tonumber(head[1]) ~= seen then
  for _, text in ipairs(placements(tonumber(head[3]))) do
    local p = split(text, ';')
    if string.find(p[3] .. ',' .. p[4], caller, 1, true) then return reply(CONFLICT, seen) end
  end
end
redis.call('HSET', key, 'ver', num(tonumber(head[1]) + step), 'view', change_view(head[2], caller))
redis.call('HDEL', key, 'b' .. caller)
return reply(OK, 0)
