-- Enters the caller as a live node; makes the map when there is none and the caller knows of none.
-- ARGV: caller, seen, step, member, cfg, lineage known or '', version known, beat, new lineage, partitions.
local member, cfg, known_lineage, known_version = ARGV[4], ARGV[5], ARGV[6], tonumber(ARGV[7])
local beat, new_lineage, count = ARGV[8], ARGV[9], tonumber(ARGV[10])
local row = split(member, ';')
local head = redis.call('HMGET', key, 'ver', 'lineage', 'cfg', 'wire', 'view', 'n', 'owner')

if not head[1] then
  if known_lineage ~= '' then return bare(REGRESSED) end
  local version = num(next_generation(seen))
  local fields = {
    'ver', version, 'lineage', new_lineage, 'cfg', cfg, 'wire', row[3], 'n', num(count), 'view', member,
    'owner', caller, 'fresh', '4', 'b' .. caller, beat,
  }
  local placement = table.concat({ version, caller, caller, caller, '0', NOBODY }, ';')
  for i = 0, count - 1 do
    fields[#fields + 1] = 'p' .. num(i)
    fields[#fields + 1] = placement
  end
  write(fields)
  return reply(OK, 0, 'bootstrapped')
end

-- First: who knows an older lineage may claim a store whose map was made by nodes configured otherwise.
local version = tonumber(head[1])
if known_lineage ~= '' and (known_lineage ~= head[2] or version < math.max(known_version, seen)) then
  return bare(REGRESSED)
end

local wire = tonumber(head[4])
if cfg ~= head[3] or wire < tonumber(row[2]) or wire > tonumber(row[3]) then
  return { REFUSED, head[4], head[3] }
end

local view = change_view(head[5], caller, member)
local changes = {}
version = give_orphans_primaries(placements(tonumber(head[6])), view, version + step, changes)
local fields = {
  'ver', num(version), 'view', view, 'b' .. caller, beat, 'wire', num(agreed_wire(wire, view)),
}
for i = 1, #changes do fields[#fields + 1] = changes[i] end

-- An owner that had left owns nothing any more.
if caller == head[7] and not field('b' .. caller) then
  for _, text in ipairs({ 'owner', NOBODY, 'fresh', '0' }) do fields[#fields + 1] = text end
end
write(fields)
return reply(OK, 0)
