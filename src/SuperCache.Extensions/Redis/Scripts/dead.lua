-- Declares a node dead if its counter still stands where the observer saw it, and gives its partitions new primaries.
-- ARGV: caller, seen, step, suspect, counter seen.
local suspect, seen_counter = ARGV[4], ARGV[5]
local head = redis.call('HMGET', key, 'ver', 'view', 'n')
if not head[1] or tonumber(head[1]) < seen then return bare(REGRESSED) end

local _, ids = parse_view(head[2])
if not ids[caller] then return reply(FENCED, 0) end
if field('b' .. suspect) ~= seen_counter then return reply(CONFLICT, seen) end

local view = change_view(head[2], suspect)
local changes = {}
local version = give_orphans_primaries(placements(tonumber(head[3])), view, tonumber(head[1]) + step, changes)
local fields = { 'ver', num(version), 'view', view }
for i = 1, #changes do fields[#fields + 1] = changes[i] end
write(fields)
redis.call('HDEL', key, 'b' .. suspect)
return reply(OK, seen)
