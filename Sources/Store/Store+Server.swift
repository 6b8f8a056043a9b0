internal import RESP
internal import RedisClient
internal import Requests
internal import Values

extension Store {
  /// What the header shows.
  func serverFacts() async throws(Failure) -> ServerFacts {
    if let info = try await info(nil) {
      if isIdentityDoubtful { await settleIdentity(info) }
      var facts = info.serverFacts(database: database)
      facts.details = info.details(serverTime: knownServerTime)
      facts.ownCommands = log.sent
      heard = (facts, MonotonicClock.now())
      // Newer than what a scan has counted: its next progress must not tell the old count.
      if let keys = facts.keys { scan.progress.serverCount = keys }
      return facts
    }
    var facts = ServerFacts()
    facts.infoDenial = denials[.info]
    facts.ownCommands = log.sent
    if let hello = await rowsLink.hello {
      facts.product = hello.server
      facts.version = hello.version
      facts.role = hello.role
    }
    facts.keys = try await countByDBSize(on: rowsLink)
    if let keys = facts.keys { scan.progress.serverCount = keys }
    return facts
  }

  /// The databases that hold keys, and the current one.
  func databases() async throws(Failure) -> [DatabaseFacts] {
    guard let info = try await info("keyspace") else {
      guard let keys = try await countByDBSize(on: sweepLink) else {
        throw Failure(
          kind: .denied(denials[.info] ?? Denial(command: ReadCommand.info.rawValue, missingRule: nil)),
          what: "databases", why: Array("neither INFO nor DBSIZE may be run".utf8),
          nextStep: denials[.info]?.missingRule.map { "Ask for \($0)" } ?? "They may be renamed or disabled")
      }
      return [DatabaseFacts(number: database, keys: keys, volatileKeys: nil, averageTTL: nil)]
    }
    var databases = info.databases
    if !databases.contains(where: { $0.number == database }) {
      databases.append(DatabaseFacts(number: database, keys: 0, volatileKeys: 0, averageTTL: nil))
    }
    return databases.sorted { $0.number < $1.number }
  }

  /// Keys of the current database; nil where neither DBSIZE nor INFO is allowed.
  func keyCount(on link: Link) async throws(Failure) -> Int? {
    if let count = try await countByDBSize(on: link) { return count }
    guard let info = try await info("keyspace") else { return nil }
    return info.databases.first { $0.number == database }?.keys ?? 0
  }

  private func countByDBSize(on link: Link) async throws(Failure) -> Int? {
    var question = Question("counting the keys", denials: denials)
    question.ask(.dbSize)
    return try await ask(question, on: link)[.dbSize]?.quantity
  }

  /// A section of INFO, or all of it; nil where it is denied.
  func info(_ section: String?) async throws(Failure) -> InfoText? {
    var question = Question("reading INFO", denials: denials)
    if let section { question.ask(.info, section) } else { question.ask(.info) }
    // The connection that hears of changes: what it was pushed comes before the reply, and a silence of it shows.
    let response = try await ask(question, on: rowsLink)
    if response.refusal(.info)?.denial != nil { return nil }
    return InfoText(try response.require(.info).string)
  }
}
