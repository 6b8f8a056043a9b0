internal import Keyspace
internal import RESP
internal import Requests

/// The one script that carries a plan out: guards, keepsakes and commands in one step of the server, so that nobody
/// comes between what was checked and what is written. It is generic: the plan comes in ARGV, its keys in KEYS.
///
/// Nothing in it raises: every command goes through `redis.pcall`, and no command runs before all guards held.
enum WriteScript {
  static let text = """
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
        if type(reply) ~= 'number' or not clock then return -3, 0 end
        if reply < 0 then return reply, 0 end
        before, clock = clock, now()
        if before == clock then break end
      end
      return before + reply, 1000
    end
    local function told(value) if value == nil then return '-' end return '+' .. value end

    for i = 1, number() do
      local kind, list, wanted = word(), words(), word()
      local holds
      if kind == 'deadline' then
        local found, slack = deadline(list[2])
        local want = tonumber(wanted)
        holds = found == want or (want > 0 and found > 0 and math.abs(found - want) <= slack)
      elseif kind == 'before' then
        local clock = now()
        holds = not clock or clock < tonumber(wanted)
      else
        local reply = redis.pcall(unpack(list))
        if failed(reply) then
          if string.sub(reply.err, 1, 9) ~= 'WRONGTYPE' then return {'denied', reply.err} end
          return {'guard', i}
        end
        local found = text(reply)
        if kind == 'bytes' then holds = found == wanted
        elseif kind == 'nothing' then holds = found == nil
        elseif kind == 'something' then holds = found ~= nil
        else holds = found ~= nil and tonumber(found) ~= nil and tonumber(found) == tonumber(wanted) end
      end
      if not holds then return {'guard', i} end
    end

    local kept = {}
    for i = 1, number() do
      local kind, list = word(), words()
      if kind == 'deadline' then
        kept[i] = told(text((deadline(list[1]))))
      else
        local reply = redis.pcall(unpack(list))
        if failed(reply) then return {'unkept', i, reply.err} end
        kept[i] = told(text(reply))
      end
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

    local replies = {}
    for i = 1, number() do
      local reply = redis.pcall(unpack(words()))
      if failed(reply) then return {'error', i - 1, reply.err} end
      replies[i] = told(text(reply))
    end
    if field > 0 and string.sub(target, 1, 1) == '+' then
      redis.pcall('HPEXPIREAT', KEYS[1], string.format('%.0f', field), 'FIELDS', 1, string.sub(target, 2))
    end
    local after = deadline(KEYS[1])
    return {'done', text(before), redis.call('EXISTS', KEYS[1]), text(after), text(field), replies, kept}
    """

  /// The words of the EVAL that carries `plan` out.
  static func words(of plan: Plan) -> [[UInt8]] {
    var words = command("EVAL", text, plan.keys.count) + plan.keys.map(\.bytes)
    func add(_ list: [[UInt8]]) { words += [list.count.word] + list }
    words.append(plan.guards.count.word)
    for condition in plan.guards {
      let (kind, wanted) = encoding(condition.expects)
      words.append(kind.word)
      add(condition.read)
      words.append(wanted)
    }
    words.append(plan.keepsakes.count.word)
    for keepsake in plan.keepsakes {
      switch keepsake {
      case .reply(let list):
        words.append("reply".word)
        add(list)
      case .deadline(let key):
        words.append("deadline".word)
        add([key.bytes])
      }
    }
    if let field = plan.fieldTTL {
      words += ["1".word, field.from, field.to.map { "+".word + $0 } ?? "-".word]
    } else {
      words.append("0".word)
    }
    words.append(plan.commands.count.word)
    for command in plan.commands { add(command) }
    return words
  }

  private static func encoding(_ expectation: Guard.Expectation) -> (kind: String, wanted: [UInt8]) {
    switch expectation {
    case .bytes(let bytes): ("bytes", bytes)
    case .nothing: ("nothing", [])
    case .something: ("something", [])
    case .number(let number): ("number", number)
    case .before(let deadline): ("before", deadline.word)
    case .deadline(let deadline): ("deadline", deadline.word)
    }
  }

  enum Result: Sendable {
    case applied(Applied)
    /// The guard at this position does not hold.
    case failed(guard: Int)
    /// A guard could not be read: nothing was written.
    case denied([UInt8])
    /// The keepsake at this position could not be read: nothing was written.
    case unkept(Int, [UInt8])
    /// A command failed, after so many had run.
    case error(after: Int, [UInt8])
  }

  /// What the script answered; nil where it is no answer of it.
  static func result(_ reply: ReplyView) -> Result? {
    guard reply.count >= 2 else { return nil }
    switch reply[0].string {
    case "guard": return reply[1].integer.map { .failed(guard: Int($0) - 1) }
    case "denied": return .denied(Array(reply[1].bytes))
    case "unkept" where reply.count >= 3:
      return reply[1].integer.map { .unkept(Int($0) - 1, Array(reply[2].bytes)) }
    case "error" where reply.count >= 3:
      return reply[1].integer.map { .error(after: Int($0), Array(reply[2].bytes)) }
    case "done" where reply.count >= 7:
      return .applied(
        Applied(
          replies: reply[5].children.map(told), kept: reply[6].children.map(told),
          deadlineBefore: Deadline(told: reply[1].integer), deadlineAfter: Deadline(told: reply[3].integer),
          existsAfter: reply[2].integer == 1, fieldDeadline: Deadline(told: reply[4].integer)))
    default: return nil
    }
  }

  private static func told(_ reply: ReplyView) -> [UInt8]? {
    reply.bytes.first == UInt8(ascii: "+") ? Array(reply.bytes.dropFirst()) : nil
  }
}

extension Deadline {
  /// As PEXPIRETIME tells it.
  var word: [UInt8] {
    switch self {
    case .at(let time): time.word
    case .persistent: "-1".word
    case .unknown: "-3".word
    }
  }
}
