import Keyspace
import PrivateServer
import RESP
import RedisClient
import Requests
import Store
import Synchronization
import TestSupport
import Testing
import Values

/// A console on a real server: it sends as the screen does, so in the database and the transaction that were told last.
final class ConsoleHarness: Sendable {
  let server: TestServer
  let store: Store
  private let told: Told
  private let state: Mutex<State>

  private struct State: Sendable {
    var session: ConsoleSession
    var nextID = 1
  }

  private final class Told: Sendable {
    let notices = Mutex<[Notice]>([])
    func take(_ notice: Notice) { notices.withLock { $0.append(notice) } }
  }

  init(
    _ server: TestServer, _ version: Endpoint.ProtocolPreference = .automatic, user: String? = nil, database: Int = 0,
    isReadOnly: Bool = false, lock: WriteLock? = nil, at address: TestAddress? = nil,
    format: @escaping @Sendable ([ReplyView], Bool, ReplyForm) -> [UInt8] = { _, _, _ in [] }
  ) async throws {
    self.server = server
    var endpoint = Endpoint(address: .unix(path: server.socketPath), database: database, protocolVersion: version)
    if case .unix(let path)? = address { endpoint.address = .unix(path: path) }
    if let user { (endpoint.username, endpoint.password) = (bytes(user), bytes("pw")) }
    var options = StoreOptions()
    options.isReadOnly = isReadOnly
    options.lock = lock
    options.format = format
    let told = Told()
    self.told = told
    state = Mutex(State(session: ConsoleSession(database: database)))
    store = Store(endpoint: endpoint, options: options, notify: { told.take($0) })
    _ = try await store.connect()
    // The Store asks which server this is.
    guard await eventually({ await self.store.isGreeted }) else {
      throw TestFailure("not greeted")
    }
  }

  var notices: [Notice] { told.notices.withLock { $0 } }
  var isServerReplaced: Bool {
    notices.contains { if case .reconnected(let found) = $0 { !found.isSame } else { false } }
  }

  func forgetNotices() { told.notices.withLock { $0 = [] } }

  var consoleNotices: [ConsoleNotice] {
    notices.compactMap { if case .console(let notice) = $0 { notice } else { nil } }
  }

  /// As it was told last.
  var session: ConsoleSession { state.withLock { $0.session } }

  /// The screen goes to another database.
  func switchDatabase(to database: Int) async throws {
    guard case .selected = await store.answer(.select(database: database)) else { throw TestFailure("not selected") }
    state.withLock { if $0.session.queue == nil { $0.session.database = database } }
  }

  /// Numbers of replies, as the screen gives them.
  var lastID: Int { state.withLock { $0.nextID - 1 } }

  @discardableResult
  func run(_ words: String..., times: Int = 1) async -> ConsoleReport { await run(words.map(bytes), times: times) }

  @discardableResult
  func run(_ words: [[UInt8]], times: Int = 1, oldest: Int = 0) async -> ConsoleReport {
    let command = state.withLock { state in
      defer { state.nextID += 1 }
      return ConsoleCommand(
        id: state.nextID, words: words, times: times, database: state.session.database,
        isInTransaction: state.session.queue != nil, oldest: oldest)
    }
    guard case .console(.ran(let report)) = await store.answer(.console(.run(command))) else {
      Issue.record("no report")
      return ConsoleReport(id: 0, outcome: .streaming, session: session)
    }
    state.withLock { $0.session = report.session }
    return report
  }

  func cancel() async { _ = await store.answer(.console(.cancel)) }

  func lines(of id: Int, _ range: Range<Int>) async -> [String] {
    guard case .console(.lines(let page)) = await store.answer(.console(.lines(ReplyRange(reply: id, lines: range))))
    else { return [] }
    return page.lines.map(\.plain)
  }

  /// How often a command was called since the last CONFIG RESETSTAT.
  func calls(of command: String) throws -> Int { try server.calls()[command] ?? 0 }

  /// Closes the console's connections on the server's side, and waits until they are gone there.
  func killConsole(_ name: String = "keyglass-console") async throws {
    for id in try server.clients(named: name) { try server.cli("CLIENT", "KILL", "ID", id) }
  }

  /// What only reads is sent until it is answered: the way there may just be opened again.
  func isUsable(_ marker: String) async -> Bool {
    await eventually { await self.run("ECHO", marker).text == "\"\(marker)\"" }
  }
}

extension TestServer {
  /// Calls of each command since the last CONFIG RESETSTAT, subcommands as `config|set`.
  func calls() throws -> [String: Int] {
    var calls: [String: Int] = [:]
    for line in try cli("INFO", "commandstats").split(whereSeparator: \.isNewline) where line.hasPrefix("cmdstat_") {
      let parts = line.dropFirst("cmdstat_".count).split(separator: ":")
      let count = parts.last?.split(separator: ",").first.flatMap { Int($0.dropFirst("calls=".count)) }
      // A command that was refused inside a script is listed with no calls.
      if let name = parts.first, let count, count > 0 { calls[String(name)] = count }
    }
    return calls
  }

  /// Numbers of the connections that call themselves so.
  func clients(named name: String) throws -> [String] {
    try cli("CLIENT", "LIST").split(whereSeparator: \.isNewline).filter { $0.contains(" name=\(name) ") }
      .compactMap { $0.split(separator: " ").first.map { String($0.dropFirst("id=".count)) } }
  }

  /// Waits until a connection of this name is blocked.
  func isBlocked(_ name: String = "keyglass-console") async -> Bool {
    await eventually {
      let list = (try? self.cli("CLIENT", "LIST")) ?? ""
      return list.split(whereSeparator: \.isNewline).contains {
        $0.contains(" name=\(name) ")
          && $0.split(separator: " ").contains { $0.hasPrefix("flags=") && $0.contains("b") }
      }
    }
  }
}

extension ReplyLine {
  /// As plain text, strings in quotes.
  var plain: String {
    parts.map { part in
      let text = String(decoding: part.bytes, as: UTF8.self)
      return part.isQuoted ? "\"\(text)\"" : text
    }.joined()
  }
}

extension ConsoleReport {
  /// The first lines of the reply.
  var text: String { head.map(\.plain).joined(separator: "\n") }

  var isReplied: Bool { if case .replied = outcome { true } else { false } }
  var isUnknown: Bool { if case .unknown = outcome { true } else { false } }
  var isStreaming: Bool { outcome == .streaming }

  /// Why it was not sent; nil where it was.
  var refusal: String? { if case .notSent(let why, _) = outcome { String(decoding: why, as: UTF8.self) } else { nil } }

  /// The reply's error; nil where it is none.
  var error: String? {
    guard case .replied(_, _, let error?) = outcome else { return nil }
    return String(decoding: error, as: UTF8.self)
  }

  /// How often it was answered.
  var replies: Int { if case .replied(let count, _, _) = outcome { count } else { 0 } }
}

/// Both protocols; RESP3 first.
let bothProtocols: [Endpoint.ProtocolPreference] = [.automatic, .resp2]

/// The installed server (nil) and all others that this machine has.
let allServers: [String?] = [nil] + OtherServers.binaries.map(Optional.some)
