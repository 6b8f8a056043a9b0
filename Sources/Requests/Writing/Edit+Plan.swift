import Keyspace
import Values

extension Edit {
  /// The commands that carry the edit out, and what must hold for them to run.
  package var plan: Plan {
    var plan = bare
    switch presence {
    case .present(let type):
      plan.guards.insert(.type(of: key, is: type), at: 0)
    case .absent(_, let expiry):
      plan.guards.insert(Guard(.target, command("TYPE", key), .bytes("none".word)), at: 0)
      if case .at(let deadline) = expiry { plan.guards.append(.now(before: deadline)) }
      // SET and RESTORE take the deadline themselves.
      switch change {
      case .string, .restoreKey: break
      default:
        guard let expire = Self.expire(key, expiry) else { break }
        plan.commands.append(expire)
        // Of no key yet: it changes nothing.
        plan.rehearsal.append(expire)
      }
    }
    return plan
  }

  /// The plan but for whether the key is there.
  private var bare: Plan {
    switch change {
    case .string(let from, let to): string(from, to)
    case .field(let field, let from, let to, let deadline): self.field(field, from, to, deadline)
    case .renameField(let field, let to, let value): renameField(field, to, value)
    case .element(let index, let from, let to, let around):
      step(
        [Guard(.value, command("LINDEX", key, index), .bytes(from))] + place(around), [command("LSET", key, index, to)],
        .init(holds: [Guard(.value, command("LINDEX", key, index), .bytes(to))]))
    case .insert(let value, let place): insert(value, place)
    case .removeElement(let index, let value, let tombstone, let around):
      removeElement(index, value, tombstone, around)
    case .pop(let value, let end):
      step(
        [Guard(.value, command("LINDEX", key, end == .head ? 0 : -1), .bytes(value))],
        [command(end == .head ? "LPOP" : "RPOP", key)],
        .init(grown: list(.removed(at: end == .head ? 0 : nil))))
    case .member(let member, let isIn): self.member(member, isIn)
    case .renameMember(let member, let to):
      step(
        [isMember(member, true, .value), isMember(to, false, .target)],
        // The new one first: the last member would take the key, and its TTL, with it.
        [command("SADD", key, to), command("SREM", key, member)],
        .init(holds: [isMember(member, false, .value), isMember(to, true, .target)]),
        rehearsal: [command("SREM", key, to)])
    case .score(let member, let from, let to): score(member, from, to)
    case .renameScored(let member, let to, let score):
      step(
        [hasScore(member, score, .value), hasScore(to, nil, .target)],
        [command("ZADD", key, score, to), command("ZREM", key, member)],
        .init(holds: [hasScore(member, nil, .value), hasScore(to, score, .target)]),
        rehearsal: [command("ZREM", key, to)])
    case .add(let counter, let by, let isFloat): add(counter, by, isFloat: isFloat)
    case .addEntry(let fields, let id): addEntry(fields, id)
    case .removeEntry(let id):
      step(
        [Guard(.value, command("XRANGE", key, id, id), .something)], [command("XDEL", key, id)],
        .init(holds: [Guard(.value, command("XRANGE", key, id, id), .nothing)]))
    case .dropStream(let id, _):
      step(
        [
          Guard(.value, command("XLEN", key), .bytes("1".word)),
          Guard(.value, command("XRANGE", key, id, id), .something),
          // A consumer group would go with it.
          Guard(.value, command("XINFO", "GROUPS", key), .nothing),
        ], [command("UNLINK", key)], .init(holds: [noKey(key)]))
    case .expiry(let from, let to): expiry(from, to)
    case .fieldExpiry(let field, let from, let to): fieldExpiry(field, from, to)
    case .renameKey(let to, let replacing, let restoring): renameKey(to, replacing, restoring)
    case .copyKey(let to, let target): copyKey(to, target)
    case .deleteKey(let seen, let keepsCopy): deleteKey(seen, keepsCopy)
    case .restoreKey(let copy):
      restoreKey(copy)
    }
  }

  // MARK: - By type

  private func string(_ from: [UInt8]?, _ to: [UInt8]?) -> Plan {
    var guards: [Guard] = []
    if let from { guards = [length("STRLEN", [], from), Guard(.value, command("GET", key), .bytes(from))] }
    guard let to else { return step(guards, [command("UNLINK", key)], .init(holds: [noKey(key)])) }
    let proof = Plan.Proof(holds: [length("STRLEN", [], to), Guard(.value, command("GET", key), .bytes(to))])
    guard case .absent(_, let expiry) = presence else {
      return step(guards, [command("SET", key, to, "XX", "KEEPTTL")], proof)
    }
    return switch expiry {
    case .never: step([], [command("SET", key, to, "NX")], proof)
    case .after(let milliseconds): step([], [command("SET", key, to, "NX", "PX", milliseconds)], proof)
    case .at(let deadline): step([], [command("SET", key, to, "NX", "PXAT", deadline)], proof)
    }
  }

  private func field(_ field: [UInt8], _ from: [UInt8]?, _ to: [UInt8]?, _ deadline: Int64?) -> Plan {
    var guards: [Guard] = []
    if let from {
      guards = [length("HSTRLEN", [field], from), holds(field, from)]
    } else if case .present = presence {
      guards = [holds(field, nil, .target)]
    }
    if let deadline { guards.append(.now(before: deadline)) }
    guard let to else {
      var plan = step(guards, [command("HDEL", key, field)], .init(holds: [holds(field, nil)]))
      plan.fieldTTL = .init(from: field, to: nil)
      return plan
    }
    var commands = [command("HSET", key, field, to)]
    if let deadline { commands.append(command("HPEXPIREAT", key, deadline, "FIELDS", 1, field)) }
    var plan = step(guards, commands, .init(holds: [holds(field, to)]), rehearsal: Array(commands.dropFirst()))
    // HSET takes a field's TTL away (Redis 7.4, Valkey 9).
    if from != nil { plan.fieldTTL = .init(from: field, to: field) }
    return plan
  }

  private func renameField(_ field: [UInt8], _ to: [UInt8], _ value: [UInt8]) -> Plan {
    var plan = step(
      [length("HSTRLEN", [field], value), holds(field, value), holds(to, nil, .target)],
      [command("HSET", key, to, value), command("HDEL", key, field)],
      .init(holds: [holds(field, nil), holds(to, value)]))
    plan.fieldTTL = .init(from: field, to: to)
    plan.rehearsal = [command("HDEL", key, to)]
    return plan
  }

  private func insert(_ value: [UInt8], _ place: ListPlace) -> Plan {
    let isNew = if case .absent = presence { true } else { false }
    func push(_ name: String, at index: Int?, _ guards: [Guard] = []) -> Plan {
      // The X form creates no list.
      var plan = step(
        guards, [command(isNew ? name : name + "X", key, value)], .init(grown: list(.inserted(value, at: index))))
      // What stands on both sides of the place, for undo.
      plan.keepsakes =
        index == 0 ? [nothing, .reply(command("LINDEX", key, 0))] : [.reply(command("LINDEX", key, -1)), nothing]
      return plan
    }
    let nothing = Plan.Keepsake.reply(command("LINDEX", key, Int(Int32.max)))
    switch place {
    case .head: return push("LPUSH", at: 0)
    case .tail: return push("RPUSH", at: nil)
    case .end(let length):
      return push("RPUSH", at: nil, isNew ? [] : [Guard(.value, command("LLEN", key), .bytes(length.word))])
    case .before(let index, let pivot, let tombstone, let around):
      var plan = insert(value, "BEFORE", index, pivot, tombstone, at: index, pivotAt: index + 1)
      plan.guards += self.place(around)
      plan.keepsakes = [
        index > 0 ? .reply(command("LINDEX", key, index - 1)) : nothing, .reply(command("LINDEX", key, index)),
      ]
      return plan
    case .after(let index, let pivot, let tombstone, let around):
      var plan = insert(value, "AFTER", index, pivot, tombstone, at: index + 1, pivotAt: index)
      plan.guards += self.place(around)
      plan.keepsakes = [.reply(command("LINDEX", key, index)), .reply(command("LINDEX", key, index + 1))]
      return plan
    }
  }

  /// LINSERT goes by value and takes the first one: the pivot is another value for the moment, one that is nowhere else.
  private func insert(
    _ value: [UInt8], _ side: String, _ index: Int, _ pivot: [UInt8], _ tombstone: [UInt8], at position: Int,
    pivotAt: Int
  ) -> Plan {
    step(
      [Guard(.value, command("LINDEX", key, index), .bytes(pivot))],
      [
        command("LSET", key, index, tombstone), command("LINSERT", key, side, tombstone, value),
        command("LSET", key, pivotAt, pivot),
      ], .init(grown: list(.inserted(value, at: position))),
      rollback: [command("LSET", key, index, pivot)])
  }

  private func removeElement(
    _ index: Int, _ value: [UInt8], _ tombstone: [UInt8], _ around: ListContext?
  ) -> Plan {
    Plan(
      keys: [key], guards: [Guard(.value, command("LINDEX", key, index), .bytes(value))] + place(around),
      rollback: [command("LSET", key, index, value)], keepsakes: [.reply(command("LINDEX", key, index + 1))],
      commands: [command("LSET", key, index, tombstone), command("LREM", key, 1, tombstone)],
      proof: .init(grown: list(.removed(at: index))))
  }

  private func member(_ member: [UInt8], _ isIn: Bool) -> Plan {
    var guards: [Guard] = []
    if case .present = presence { guards = [isMember(member, !isIn, isIn ? .target : .value)] }
    return step(
      guards, [command(isIn ? "SADD" : "SREM", key, member)], .init(holds: [isMember(member, isIn, .value)]))
  }

  private func score(_ member: [UInt8], _ from: [UInt8]?, _ to: [UInt8]?) -> Plan {
    var guards: [Guard] = []
    if case .present = presence { guards = [hasScore(member, from, from == nil ? .target : .value)] }
    let proof = Plan.Proof(holds: [hasScore(member, to, .value)])
    guard let to else { return step(guards, [command("ZREM", key, member)], proof) }
    return step(guards, [command("ZADD", key, to, member)], proof)
  }

  private func add(_ counter: Counter, _ by: [UInt8], isFloat: Bool) -> Plan {
    let add: [[UInt8]]
    let read: [[UInt8]]
    var guards: [Guard] = []
    switch counter {
    case .string:
      add = command(isFloat ? "INCRBYFLOAT" : "INCRBY", key, by)
      read = command("GET", key)
    case .field(let field):
      add = command(isFloat ? "HINCRBYFLOAT" : "HINCRBY", key, field, by)
      read = command("HGET", key, field)
      guards = [Guard(.value, command("HEXISTS", key, field), .bytes("1".word))]
    case .member(let member):
      add = command("ZINCRBY", key, by, member)
      read = command("ZSCORE", key, member)
      guards = [Guard(.value, read, .something)]
    }
    var plan = step(guards, [add], .init(grown: .init(read: read, by: .number(by))))
    plan.keepsakes = [.reply(read)]
    // HINCRBY keeps a field's TTL by itself.
    return plan
  }

  private func addEntry(_ fields: [HashPage.Field], _ id: StreamID?) -> Plan {
    var words = command("XADD", key)
    if case .present = presence { words.append("NOMKSTREAM".word) }
    words.append(id?.word ?? "*".word)
    for field in fields { words += [field.name, field.value] }
    let proof: Plan.Proof
    if let id {
      proof = .init(holds: [Guard(.value, command("XRANGE", key, id, id), .bytes(id.word))])
    } else {
      proof = .init(grown: .init(read: command("XREVRANGE", key, "+", "-", "COUNT", 1), by: .entry(fields)))
    }
    return step([], [words], proof)
  }

  private func expiry(_ from: Deadline?, _ to: Expiry) -> Plan {
    var guards = from.map { [Guard(.deadline, command("PEXPIRETIME", key), .deadline($0))] } ?? []
    // PEXPIREAT with a time that has passed deletes the key.
    if case .at(let deadline) = to { guards.append(.now(before: deadline)) }
    let words = Self.expire(key, to) ?? command("PERSIST", key)
    let after: Plan.Proof =
      switch to {
      case .never: .init(holds: [Guard(.deadline, command("PEXPIRETIME", key), .deadline(.persistent))])
      case .at(let deadline): .init(holds: [Guard(.deadline, command("PEXPIRETIME", key), .deadline(.at(deadline)))])
      case .after(let time): .init(grown: .init(read: command("PEXPIRETIME", key), by: .ttl(time)))
      }
    return step(guards, [words], after)
  }

  // MARK: - Parts

  func step(
    _ guards: [Guard], _ commands: [[[UInt8]]], _ proof: Plan.Proof, rehearsal: [[[UInt8]]] = [],
    rollback: [[[UInt8]]] = []
  ) -> Plan {
    Plan(
      keys: [key], guards: guards, rehearsal: rehearsal, rollback: rollback, commands: commands, proof: proof)
  }

  private func list(_ change: ListChange) -> Plan.Growth {
    Plan.Growth(read: command("LLEN", key), by: .list(change))
  }

  private func place(_ around: ListContext?) -> [Guard] {
    guard let around else { return [] }
    let neighbours = around.neighbours.map {
      Guard(.place, command("LINDEX", key, $0.index), .bytes($0.value))
    }
    if around.hasEqual, !neighbours.isEmpty { return neighbours }
    return [Guard(.place, command("LLEN", key), .bytes(around.length.word), orElse: neighbours)]
  }

  /// Before a long value is compared: a value of another length is not read.
  private func length(_ name: String, _ arguments: [[UInt8]], _ value: [UInt8]) -> Guard {
    Guard(.value, command(name, key) + arguments, .bytes(value.count.word))
  }

  private func holds(_ field: [UInt8], _ value: [UInt8]?, _ subject: Guard.Subject = .value) -> Guard {
    Guard(subject, command("HGET", key, field), value.map { .bytes($0) } ?? .nothing)
  }

  private func isMember(_ member: [UInt8], _ isIn: Bool, _ subject: Guard.Subject) -> Guard {
    Guard(subject, command("SISMEMBER", key, member), .bytes((isIn ? 1 : 0).word))
  }

  private func hasScore(_ member: [UInt8], _ score: [UInt8]?, _ subject: Guard.Subject) -> Guard {
    Guard(subject, command("ZSCORE", key, member), score.map { .number($0) } ?? .nothing)
  }

  func noKey(_ name: KeyName) -> Guard { Guard(.key, command("TYPE", name), .bytes("none".word)) }

  private static func expire(_ key: KeyName, _ expiry: Expiry) -> [[UInt8]]? {
    switch expiry {
    case .never: nil
    case .after(let milliseconds): command("PEXPIRE", key, milliseconds)
    case .at(let deadline): command("PEXPIREAT", key, deadline)
    }
  }
}

extension Guard {
  static func now(before deadline: Int64) -> Guard { Guard(.time, command("TIME"), .before(deadline)) }

  static func type(of key: KeyName, is type: KeyType) -> Guard {
    Guard(.key, command("TYPE", key), .bytes(type.word.word))
  }
}
