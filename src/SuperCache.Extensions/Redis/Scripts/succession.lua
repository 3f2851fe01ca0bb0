-- Stands before the scripts that may have to name a new primary: join, restore, dead.

-- 64-bit numbers as four 16-bit limbs, lowest first, in two adjacent layers: multiply and shift.
local function multiply(a, b)
  local r = { 0, 0, 0, 0 }
  for i = 1, 4 do
    local carry = 0
    for j = 1, 5 - i do
      local sum = r[i + j - 1] + a[i] * b[j] + carry
      r[i + j - 1] = sum % 65536
      carry = math.floor(sum / 65536)
    end
  end
  return r
end

local function xor(a, b)
  local r = {}
  for i = 1, 4 do r[i] = bit.bxor(a[i], b[i]) end
  return r
end

local function shift_right(a, bits)
  local limbs, rest, r = math.floor(bits / 16), bits % 16, {}
  for i = 1, 4 do
    local low, high = a[i + limbs] or 0, a[i + limbs + 1] or 0
    r[i] = (math.floor(low / 2 ^ rest) + high * 2 ^ (16 - rest)) % 65536
  end
  return r
end

-- PartitionAssignment.Weight: the finalizer of SplitMix64 over node and partition.
local function weight(id, partition)
  local x = {}
  for i = 1, 4 do x[i] = tonumber(string.sub(id, 17 - 4 * i, 20 - 4 * i), 16) end
  x = xor(x, multiply({ partition + 1, 0, 0, 0 }, { 0x7C15, 0x7F4A, 0x79B9, 0x9E37 }))
  x = multiply(xor(x, shift_right(x, 30)), { 0xE5B9, 0x1CE4, 0x476D, 0xBF58 })
  x = multiply(xor(x, shift_right(x, 27)), { 0x11EB, 0x1331, 0x49BB, 0x94D0 })
  x = xor(x, shift_right(x, 31))
  return string.format('%04x%04x%04x%04x', x[4], x[3], x[2], x[1])
end

local function first_by_rendezvous(members, partition)
  local best, best_weight
  for i = 1, #members do
    local id = string.sub(members[i], 1, 16)
    local w = weight(id, partition)
    if not best or w > best_weight then best, best_weight = id, w end
  end
  return best
end

local function list(text)
  if text == '' then return {} end
  return split(text, ',')
end

local function contains(items, wanted)
  for i = 1, #items do
    if items[i] == wanted then return true end
  end
  return false
end

-- A live node whose copy counts twice, else once, else the first by rendezvous.
local function successor(voters, active, members, live, partition)
  for i = 1, #active do
    if live[active[i]] and contains(voters, active[i]) then return active[i] end
  end
  for i = 1, #active do
    if live[active[i]] then return active[i] end
  end
  for i = 1, #voters do
    if live[voters[i]] then return voters[i] end
  end
  return first_by_rendezvous(members, partition)
end

-- Begins a new reign for each partition whose primary is not live, each with a version of its own.
-- Puts fields and values that changed into "changes"; returns the version reached.
local function give_orphans_primaries(all, view, version, changes)
  local members, live = parse_view(view)
  if #members == 0 then return version end
  for i = 1, #all do
    local p = split(all[i], ';')
    if not live[p[2]] then
      version = version + step
      local voters, kept = list(p[3]), {}
      local primary = successor(voters, list(p[4]), members, live, i - 1)
      for v = 1, #voters do
        if live[voters[v]] then kept[#kept + 1] = voters[v] end
      end
      if not contains(kept, primary) then kept[#kept + 1] = primary end
      all[i] = table.concat({ num(version), primary, table.concat(kept, ','), p[4], p[5], NOBODY }, ';')
      changes[#changes + 1] = 'p' .. num(i - 1)
      changes[#changes + 1] = all[i]
    end
  end
  return version
end
