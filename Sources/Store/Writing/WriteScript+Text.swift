extension WriteScript {
  /// The one script that carries a plan out: guards, keepsakes and commands in one step of the server, so that nobody
  /// comes between what was checked and what is written. It is generic: the plan comes in ARGV, its keys in KEYS.
  ///
  /// Nothing in it raises: every command goes through `redis.pcall`, and no command runs before all guards held. What
  /// it reads after the commands it does without where it is denied.
  private static let common = """
    local at = 0
    local function word() at = at + 1; return ARGV[at] end
    local function number() return tonumber(word()) end
    local function words()
      local list = {}
      for i = 1, number() do list[i] = word() end
      return list
    end
    local function failed(reply) return type(reply) == 'table' and reply.err end
    local function text(reply)
      if type(reply) == 'number' then return string.format('%.0f', reply) end
      if type(reply) == 'string' then return reply end
      if type(reply) ~= 'table' or reply.err then return nil end
      if reply.ok then return reply.ok end
      return text(reply[1])
    end
    local lengths = {string = 'STRLEN', list = 'LLEN', hash = 'HLEN', set = 'SCARD', zset = 'ZCARD', stream = 'XLEN'}
    local reads = {string = {'GET'}, list = {'LRANGE', 0, -1}, hash = {'HGETALL'}, set = {'SMEMBERS'},
      zset = {'ZRANGE', 0, -1, 'WITHSCORES'}, stream = {'XRANGE', '-', '+'}}
    local function flat(reply, parts)
      if type(reply) == 'table' then
        for i = 1, #reply do flat(reply[i], parts) end
      else
        parts[#parts + 1] = #reply .. ':' .. reply
      end
      return parts
    end
    local function whole(key)
      local kind = text(redis.pcall('TYPE', key))
      local length = lengths[kind] and redis.pcall(lengths[kind], key)
      if type(length) ~= 'number' then return nil end
      local mark = kind .. ' ' .. string.format('%.0f', length)
      if length > (kind == 'string' and 1048576 or 10000) then return mark end
      local size = redis.pcall('MEMORY', 'USAGE', key, 'SAMPLES', 0)
      if type(size) ~= 'number' or size > 2097152 then return mark end
      local words = {reads[kind][1], key, unpack(reads[kind], 2)}
      local parts = flat(redis.pcall(unpack(words)), {})
      if kind == 'hash' then
        local pairs_ = {}
        for i = 1, #parts, 2 do pairs_[#pairs_ + 1] = parts[i] .. parts[i + 1] end
        parts = pairs_
      end
      if kind == 'hash' or kind == 'set' then table.sort(parts) end
      return mark .. ' ' .. redis.sha1hex(table.concat(parts))
    end
    local function now()
      local time = redis.pcall('TIME')
      return time[2] and time[1] * 1000 + math.floor(time[2] / 1000)
    end
    local function deadline(key)
      local reply = redis.pcall('PEXPIRETIME', key)
      if type(reply) == 'number' then return reply, 0 end
      local before
      for i = 1, 20 do
        local clock = now()
        reply = redis.pcall('PTTL', key)
        if type(reply) ~= 'number' then return -3, 0 end
        if reply < 0 then return reply, 0 end
        if not clock then return -3, 0 end
        before, clock = clock, now()
        if before == clock then break end
      end
      return before + reply, 1000
    end
    local function told(value) if value == nil then return '-' end return '+' .. value end
    """

  /// ``SeenWhole/fingerprint`` of KEYS[1], nil of a type of a module.
  static let fingerprint = common + "\nreturn whole(KEYS[1])"

  static let text =
    common + """

      local function parse()
        local guard = {kind = word(), list = words(), wanted = word(), orElse = {}}
        for i = 1, number() do guard.orElse[i] = parse() end
        return guard
      end
      local function compare(guard)
        local kind, wanted = guard.kind, guard.wanted
        if kind == 'deadline' then
          local found, slack = deadline(guard.list[2])
          local want = tonumber(wanted)
          return found == want or (want > 0 and found > 0 and math.abs(found - want) <= slack)
        end
        if kind == 'whole' then return whole(guard.list[2]) == wanted end
        if kind == 'before' then return (now() or tonumber(guard.list[2]) or 0) < tonumber(wanted) end
        local reply = redis.pcall(unpack(guard.list))
        if failed(reply) then
          if string.sub(reply.err, 1, 9) == 'WRONGTYPE' then return false end
          return false, reply.err
        end
        local found = text(reply)
        if kind == 'bytes' then return found == wanted end
        if kind == 'nothing' then return found == nil end
        if kind == 'something' then return found ~= nil end
        return found ~= nil and tonumber(found) ~= nil and tonumber(found) == tonumber(wanted)
      end
      local function holds(guard)
        local result, problem = compare(guard)
        if result or problem or #guard.orElse == 0 then return result, problem end
        for i = 1, #guard.orElse do
          result, problem = holds(guard.orElse[i])
          if not result then return result, problem end
        end
        return true
      end

      for i = 1, number() do
        local result, problem = holds(parse())
        if problem then return {'denied', problem} end
        if not result then return {'guard', i} end
      end
      for i = 1, number() do
        local reply = redis.pcall(unpack(words()))
        if failed(reply) then return {'denied', reply.err} end
      end

      local function keepsake()
        local kind, list = word(), words()
        if kind == 'deadline' then return told(text((deadline(list[1])))) end
        if kind == 'whole' then return told(whole(list[1])) end
        local reply = redis.pcall(unpack(list))
        if failed(reply) then return nil, reply.err end
        return told(text(reply))
      end
      local kept = {}
      for i = 1, number() do
        local problem
        kept[i], problem = keepsake()
        if problem then return {'unkept', i, problem} end
      end

      local before = deadline(KEYS[1])
      local field, source, target = -1, nil, nil
      if number() == 1 then
        source, target = word(), word()
        local reply = redis.pcall('HPEXPIRETIME', KEYS[1], 'FIELDS', 1, source)
        if failed(reply) then
          if not string.find(reply.err, 'nknown') then return {'denied', reply.err} end
        elseif type(reply) == 'table' and type(reply[1]) == 'number' then
          field = reply[1]
        end
        if field > 0 and string.sub(target, 1, 1) == '+' then
          -- As it is already: whoever may not do this must not lose it by what follows.
          reply = redis.pcall('HPEXPIREAT', KEYS[1], string.format('%.0f', field), 'FIELDS', 1, source)
          if failed(reply) then return {'denied', reply.err} end
        end
      end

      local rollback, commands, replies = {}, {}, {}
      for i = 1, number() do rollback[i] = words() end
      for i = 1, number() do commands[i] = words() end
      for i = 1, #commands do
        local reply = redis.pcall(unpack(commands[i]))
        if failed(reply) then
          local undone = i > 1 and #rollback > 0
          for j = 1, undone and #rollback or 0 do
            if failed(redis.pcall(unpack(rollback[j]))) then undone = false end
          end
          if undone then return {'denied', reply.err} end
          return {'error', i - 1, reply.err}
        end
        replies[i] = told(text(reply))
      end
      if field > 0 and string.sub(target, 1, 1) == '+' then
        redis.pcall('HPEXPIREAT', KEYS[1], string.format('%.0f', field), 'FIELDS', 1, string.sub(target, 2))
      end
      local after = '-'
      if number() == 1 then after = keepsake() or '-' end
      local there = text(redis.pcall('TYPE', KEYS[1])) ~= 'none'
      return {'done', text(before), there and 1 or 0, text((deadline(KEYS[1]))), text(field), replies, kept, after}
      """
}
