package import Keyspace

/// Plans of what is done to whole keys.
extension Edit {
  func deleteKey(_ seen: SeenWhole?, _ keepsCopy: Bool) -> Plan {
    Plan(
      keys: [key], guards: stillIs(seen, key),
      keepsakes: keepsCopy ? [.reply(command("DUMP", key))] : [],
      commands: [command("UNLINK", key)], proof: .init(holds: [noKey(key)]))
  }

  func restoreKey(_ copy: KeyCopy) -> Plan {
    // Tables are told by DUMP in an order that changes.
    let isTable = copy.type == .hash || copy.type == .set
    let proof: [Guard] =
      if isTable, let fingerprint = copy.fingerprint {
        stillIs(SeenWhole(fingerprint: fingerprint), key)
      } else {
        [Guard(.value, command("DUMP", key), .bytes(copy.dump))]
      }
    var plan = step(notPassed(copy), [Self.restore(copy, as: key)], .init(holds: proof))
    plan.afterwards = .whole(key)
    return plan
  }

  func copyKey(_ to: KeyName, _ target: Int) -> Plan {
    Plan(
      keys: [key, to], guards: [], keepsakes: [.whole(key)], commands: [command("COPY", key, to, "DB", target)],
      zeroMeansTaken: to,
      proof: .init(
        holds: [.type(of: to, is: presence.type)], grown: .init(read: command("EXISTS", to), by: .number("1".word)),
        database: target == database ? nil : target))
  }

  func renameKey(_ to: KeyName, _ replacing: Replaced?, _ restoring: KeyCopy?) -> Plan {
    var plan = Plan(
      keys: [key, to],
      guards: [Guard(.target, command("TYPE", to), .bytes((replacing?.type.word ?? "none").word))],
      commands: [replacing == nil ? command("RENAMENX", key, to) : command("RENAME", key, to)],
      zeroMeansTaken: replacing == nil && restoring == nil ? to : nil,
      proof: .init(holds: [noKey(key), .type(of: to, is: presence.type)]))
    if let length = presence.type.lengthOf(to) {
      plan.proof.grown = .init(read: length, from: presence.type.lengthOf(key), by: .number("0".word))
    }
    if let replacing { plan.guards += stillIs(replacing.seen, to) }
    if let replacing, replacing.keepsCopy { plan.keepsakes = [.reply(command("DUMP", to)), .deadline(to)] }
    if let restoring { putBack(restoring, in: &plan) }
    return plan
  }

  /// The copy gets a name of its own first: where the server does not take it (memory, rights), nothing was renamed.
  private func putBack(_ copy: KeyCopy, in plan: inout Plan) {
    let aside = KeyName(copy.name.bytes + "-".word + copy.aside)
    plan.keys.append(aside)
    plan.guards += notPassed(copy)
    plan.commands.insert(Self.restore(copy, as: aside), at: 0)
    // Whoever may not rename is not left with the copy. (Both names of the last step were written by then: it cannot be
    // refused where the one before it was not.) A rehearsal would be a write, after which a script runs out of memory.
    plan.rollback = [command("UNLINK", aside)]
    plan.commands.append(command("RENAMENX", aside, key))
    plan.afterwards = .whole(key)
    plan.proof.holds = [.type(of: key, is: copy.type), .type(of: plan.keys[1], is: presence.type)]
  }

  // MARK: - Parts

  private func notPassed(_ copy: KeyCopy) -> [Guard] {
    Expiry(restoring: copy.deadline)?.time.map { [.now(before: $0)] } ?? []
  }

  private func stillIs(_ seen: SeenWhole?, _ name: KeyName) -> [Guard] {
    seen.map { [Guard(.value, command("TYPE", name), .whole($0.fingerprint))] } ?? []
  }

  private static func restore(_ copy: KeyCopy, as name: KeyName) -> [[UInt8]] {
    if case .at(let deadline) = copy.deadline { return command("RESTORE", name, deadline, copy.dump, "ABSTTL") }
    return command("RESTORE", name, 0, copy.dump)
  }
}

extension KeyType {
  /// The command that tells how many elements, or bytes of a string, a key of this type has; nil for a type of a module.
  package func lengthOf(_ key: KeyName) -> [[UInt8]]? {
    switch self {
    case .string: command("STRLEN", key)
    case .list: command("LLEN", key)
    case .hash: command("HLEN", key)
    case .set: command("SCARD", key)
    case .sortedSet: command("ZCARD", key)
    case .stream: command("XLEN", key)
    default: nil
    }
  }
}
