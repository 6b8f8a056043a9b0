internal import Commands
internal import RESP
internal import RedisClient
internal import Requests

/// What a risky command would hit, by reading alone: for the question before it is sent.
extension Store {
  /// Names that KEYS may look at without a question.
  private static let slightKeys = 10_000

  func impact(of risk: CommandRisk, database: Int) async -> CommandImpact {
    switch risk {
    case .flushAll:
      let keys = (try? await databases()) ?? []
      guard !keys.isEmpty else { return Self.unknown("Deletes all keys of all databases.") }
      let total = keys.reduce(0) { $0 + $1.keys }
      return Self.lines(
        ["Deletes all \(Self.keys(total)) of all databases. Nothing brings them back."]
          + keys.filter { $0.keys > 0 }.prefix(6).map { "db\($0.number): \(Self.keys($0.keys))" })
    case .flushDatabase:
      guard let count = await keyCount(of: database) else { return Self.unknown("Deletes all keys of db\(database).") }
      return Self.lines(["Deletes all \(Self.keys(count)) of db\(database). Nothing brings them back."])
    case .swapDatabases(let first, let second):
      var lines = ["Swaps two databases for every client that uses them."]
      for number in [first, second].compactMap(\.self) {
        lines.append("db\(number): \(await keyCount(of: number).map(Self.keys) ?? "unknown")")
      }
      return Self.lines(lines)
    case .keys(let pattern):
      let count = await keyCount(of: database)
      return CommandImpact(
        isSlight: count.map { $0 <= Self.slightKeys } ?? false,
        lines: [
          Array(
            "KEYS looks at all \(count.map(Self.keys) ?? "keys") of db\(database) at once; nobody else is served meanwhile."
              .utf8),
          Array("The list with the filter ".utf8) + pattern + Array(" (/) shows the same without that.".utf8),
        ])
    case .shutdown: return await shutdownImpact()
    case .monitor:
      let rate = (try? await serverFacts())?.operationsPerSecond
      return Self.lines([
        "The server copies every command of every client to you; that can halve what it gets done."
          + (rate.map { " Now: \(Self.grouped($0)) a second." } ?? ""),
        "What it shows may hold secrets of others.",
      ])
    case .configSet(let names): return await configImpact(names)
    case .scriptFlush:
      let count = await infoNumber("number_of_cached_scripts", "memory")
      return Self.lines([
        "Drops all \(count.map { Self.grouped($0) + " " } ?? "")cached scripts: clients that send EVALSHA get NOSCRIPT until they load them again."
      ])
    case .replicaOf(let host, let port):
      guard let host else { return Self.lines(["Makes this server a primary: it stops following the one it has."]) }
      let count = (try? await databases())?.reduce(0) { $0 + $1.keys }
      return CommandImpact(
        lines: [
          Array(
            "Makes this server a copy of \(host):\(port ?? "?"). Its own \(count.map(Self.keys) ?? "keys") are deleted; nothing brings them back."
              .utf8)
        ])
    default: return Self.lines(risk.words)
    }
  }

  private func shutdownImpact() async -> CommandImpact {
    let clients = (try? await serverFacts())?.clients
    let changes = await infoNumber("rdb_changes_since_last_save", "persistence")
    return Self.lines([
      "Stops the server for everyone\(clients.map { ": \(Self.grouped($0)) clients are connected" } ?? "").",
      changes.map { "\(Self.grouped($0)) changes since it last saved; NOSAVE would lose them." } ?? "",
    ])
  }

  /// What the settings are now.
  private func configImpact(_ names: [[UInt8]]) async -> CommandImpact {
    var lines: [[UInt8]] = [
      Array("Changes the server for everyone, until it restarts or CONFIG REWRITE keeps it.".utf8)
    ]
    for name in names.prefix(6) {
      var batch = CommandBatch()
      batch.add("CONFIG", "GET", name)
      // A secret is not read, nor what could be one: CONFIG GET takes patterns.
      guard Self.isPlain(name), !CommandSecrets.isSecret(setting: name),
        let reply = try? await rowsLink.send(batch).first, !reply.isError,
        let pair = reply.pairs.first(where: { _ in true })
      else { continue }
      lines.append(
        name + Array(" is now ".utf8) + (pair.value.bytes.isEmpty ? Array("empty".utf8) : Array(pair.value.bytes)))
    }
    return CommandImpact(lines: lines)
  }

  private static func isPlain(_ setting: [UInt8]) -> Bool {
    !setting.isEmpty
      && setting.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
          true
        default: false
        }
      }
  }

  private func keyCount(of number: Int) async -> Int? {
    if number == database, let count = (try? await keyCount(on: rowsLink)) ?? nil { return count }
    return (try? await databases()).map { $0.first { $0.number == number }?.keys ?? 0 }
  }

  private func infoNumber(_ name: String, _ section: String) async -> Int? {
    var batch = CommandBatch()
    batch.add("INFO", section)
    guard let reply = try? await rowsLink.send(batch).first, !reply.isError else { return nil }
    return InfoText(reply.string)[name].flatMap { Int($0) }
  }

  // MARK: - Words

  private static func lines(_ lines: [String]) -> CommandImpact {
    CommandImpact(lines: lines.filter { !$0.isEmpty }.map { Array($0.utf8) })
  }

  private static func unknown(_ line: String) -> CommandImpact {
    lines([line, "How many there are may not be read."])
  }

  private static func keys(_ count: Int) -> String { "\(grouped(count)) \(count == 1 ? "key" : "keys")" }

  private static func grouped(_ number: Int) -> String {
    var digits = Array(String(number))
    var place = digits.count - 3
    while place > 0 {
      digits.insert(",", at: place)
      place -= 3
    }
    return String(digits)
  }
}
