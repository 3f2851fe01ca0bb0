-- Repairs a store that has lost its map or gone back to an older one.
-- ARGV: caller, seen, step, member, cfg, wire, version, lineage, view, placements.
local member, cfg, wire = ARGV[4], ARGV[5], tonumber(ARGV[6])
local my_version, my_lineage, my_view = tonumber(ARGV[7]), ARGV[8], ARGV[9]
local mine = {}
for i = 10, #ARGV do mine[i - 9] = ARGV[i] end

-- Whether the voters of a reign are activated.
local function activated(p)
  local voters, active = list(p[3]), list(p[4])
  if p[5] == '1' or #voters ~= #active then return false end
  for i = 1, #voters do
    if not contains(active, voters[i]) then return false end
  end
  return true
end

local function is_after(a, b)
  local epoch_a, epoch_b = tonumber(a[1]), tonumber(b[1])
  return epoch_a > epoch_b or (epoch_a == epoch_b and activated(a) and not activated(b))
end

-- Which of two maps' placements are later, one by one; where they are level, the newer map's.
local function merge(newer, older)
  local merged, any_older_ahead = {}, false
  for i = 1, #newer do
    local ahead = is_after(split(older[i], ';'), split(newer[i], ';'))
    any_older_ahead = any_older_ahead or ahead
    merged[i] = ahead and older[i] or newer[i]
  end
  return merged, any_older_ahead
end

local function is_fresh(owner) return owner ~= NOBODY and field('b' .. owner) end

local head = redis.call('HMGET', key, 'ver', 'lineage', 'cfg', 'wire', 'view', 'n', 'owner')
local view, all, highest = my_view, mine, math.max(my_version, seen)
local counters = {}
if head[1] then
  local version = tonumber(head[1])
  highest = math.max(highest, version)
  if head[2] == my_lineage then
    local theirs = placements(tonumber(head[6]))
    if version > my_version then
      local merged, behind = merge(theirs, mine)
      if version >= seen and not behind then return reply(OK, 0) end
      view, all = head[5], merged
    else
      all = merge(mine, theirs)
    end
  elseif head[5] ~= '' and not is_fresh(head[7]) then
    local row = split(member, ';')
    local theirs = tonumber(head[4])
    if cfg ~= head[3] or theirs < tonumber(row[2]) or theirs > tonumber(row[3]) then
      return { REFUSED, head[4], head[3] }
    end
    return reply(OK, 0)
  end

  local members = parse_view(head[5])
  for i = 1, #members do
    local id = string.sub(members[i], 1, 16)
    counters[id] = tonumber(field('b' .. id))
  end

  -- A map of another lineage that is overwritten was made by nodes that may be configured otherwise.
  if head[2] == my_lineage then
    cfg = head[3]
    wire = math.max(tonumber(head[4]), wire)
  end
end

-- A large step into the generation, so that two repairs of one never give the same epochs; small ones from there on.
local version = next_generation(highest) + step
step = 1 + step % 2048
local _, ids = parse_view(view)
if not ids[caller] then view = change_view(view, caller, member) end

for i = 1, #all do
  local p = split(all[i], ';')
  p[1], p[5] = num(version), '1'
  all[i] = table.concat(p, ';')
end
local reached = give_orphans_primaries(all, view, version, {})

local fields = {
  'ver', num(reached), 'lineage', my_lineage, 'cfg', cfg, 'wire', num(wire), 'n', num(#all), 'view', view,
  'owner', NOBODY, 'fresh', '0',
}
for i = 1, #all do
  fields[#fields + 1] = 'p' .. num(i - 1)
  fields[#fields + 1] = all[i]
end
local members = parse_view(view)
for i = 1, #members do
  local id = string.sub(members[i], 1, 16)
  fields[#fields + 1] = 'b' .. id
  fields[#fields + 1] = num(counters[id] and counters[id] + 1 or version)
end
redis.call('DEL', key)
write(fields)
return reply(OK, 0)
