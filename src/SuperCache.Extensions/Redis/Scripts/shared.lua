-- Stands before every script. What the store holds is one hash, KEYS[1], so that a server that forgets, forgets all of it:
--   ver lineage cfg wire n   version, lineage, configuration, wire version, number of partitions
--   owner fresh              who made the map, and after how many of its renewals it is no longer fresh
--   view                     live nodes, ascending by id: id;wireMin;wireMax;leaving;label joined by |
--   p0 .. p<n-1>             epoch;primary;voters;active;pollAll;nonce, voters and active joined by ,
--   b<id>                    the renewal counter of a live node
-- Versions, epochs and counters stay below 2^53, which a double counts exactly; they are written with %.0f, never with "..",
-- which rounds. Ids, lineages and nonces are 64 bits: 16 hex digits, compared as text. A script writes what it decided, and
-- nothing that depends on the server's clock but the first version of a generation.

local key = KEYS[1]
local caller, seen, step = ARGV[1], tonumber(ARGV[2]), tonumber(ARGV[3])
local OK, CONFLICT, FENCED, REGRESSED, REFUSED = '0', '1', '2', '3', '4'
local NOBODY = '0000000000000000'

local function num(value) return string.format('%.0f', value) end

local function field(name) return redis.call('HGET', key, name) end

-- Writes fields and values, a few hundred at a time: unpack has a limit.
local function write(pairs_)
  for first = 1, #pairs_, 500 do
    redis.call('HSET', key, unpack(pairs_, first, math.min(first + 499, #pairs_)))
  end
end

-- Reads the placements as they are written, 1-based.
local function placements(count)
  local all = {}
  for first = 0, count - 1, 500 do
    local names = {}
    for i = first, math.min(first + 499, count - 1) do names[#names + 1] = 'p' .. num(i) end
    local texts = redis.call('HMGET', key, unpack(names))
    for i = 1, #names do all[#all + 1] = texts[i] end
  end
  return all
end

local function split(text, separator)
  local parts, from = {}, 1
  while true do
    local at = string.find(text, separator, from, true)
    if not at then
      parts[#parts + 1] = string.sub(text, from)
      return parts
    end
    parts[#parts + 1] = string.sub(text, from, at - 1)
    from = at + 1
  end
end

-- A view as its members and a set of their ids.
local function parse_view(text)
  local members, ids = {}, {}
  if text ~= '' then members = split(text, '|') end
  for i = 1, #members do ids[string.sub(members[i], 1, 16)] = members[i] end
  return members, ids
end

-- The view without a node, and with a member when one is given.
local function change_view(text, id, member)
  local members, kept = parse_view(text), {}
  for i = 1, #members do
    if string.sub(members[i], 1, 16) ~= id then kept[#kept + 1] = members[i] end
  end
  if member then kept[#kept + 1] = member end
  table.sort(kept)
  return table.concat(kept, '|')
end

-- The wire version all members speak, never below the active one.
local function agreed_wire(active, view)
  local members, agreed = parse_view(view), nil
  for i = 1, #members do
    local max = tonumber(split(members[i], ';')[3])
    if not agreed or max < agreed then agreed = max end
  end
  if agreed and agreed > active then return agreed end
  return active
end

local function next_generation(highest)
  local clock = math.floor((tonumber(redis.call('TIME')[1]) - 1704067200) / 8)
  return math.max(0, clock, math.floor(highest / 67108864) + 1) * 67108864
end

-- status, wire, extra; then version, lineage, view and placements when the map is newer than the one known.
local function reply(status, known, extra)
  local head = redis.call('HMGET', key, 'ver', 'wire', 'lineage', 'view', 'n')
  local answer = { status, head[2] or '0', extra or '' }
  if head[1] and tonumber(head[1]) > known then
    answer[4], answer[5], answer[6] = head[1], head[3], head[4]
    local all = placements(tonumber(head[5]))
    for i = 1, #all do answer[6 + i] = all[i] end
  end
  return answer
end

local function bare(status, extra) return { status, '0', extra or '' } end
