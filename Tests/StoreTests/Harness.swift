import Keyspace
import RedisClient
import RedisTLS
import Requests
import Store
import Synchronization
import TestSupport
import Testing
import Values

/// A store on a real server, with everything it told.
final class Harness: Sendable {
  let server: TestServer
  let store: Store
  private let record: Record

  init(
    _ server: TestServer, user: String? = nil, password: String? = nil, database: Int = 0,
    version: Endpoint.ProtocolPreference = .automatic, replyTimeout: Duration = .seconds(10), isReadOnly: Bool = false,
    through proxy: FaultProxy? = nil, passwordSource: Credentials.Source? = nil, keepAlive: Duration? = nil,
    secured: (tls: TLSSettings, port: Int)? = nil, partialListsFrom: Int? = nil
  ) async throws {
    self.server = server
    var path = server.socketPath
    if case .unix(let listening)? = proxy?.address { path = listening }
    var endpoint = Endpoint(
      address: .unix(path: path), username: user.map { Array($0.utf8) },
      password: password.map { Array($0.utf8) }, database: database, protocolVersion: version)
    if let secured {
      endpoint.address = .tcp(host: "localhost", port: secured.port)
      endpoint.tls = secured.tls
    }
    let record = Record()
    self.record = record
    var options = StoreOptions(
      replyTimeout: replyTimeout, onCommand: { name, count, _ in record.count(name, count) })
    options.isReadOnly = isReadOnly
    options.passwordSource = passwordSource
    if let partialListsFrom { options.partialListsFrom = partialListsFrom }
    if let keepAlive {
      options.keepAlive = keepAlive
      options.keepAlivePatience = keepAlive
      options.replyTimeout = keepAlive * 2
    }
    options.security = TLSSupport.security
    store = Store(endpoint: endpoint, options: options, notify: { record.take($0) })
    hello = try await store.connect()
  }

  let hello: HelloFacts

  private final class Record: Sendable {
    let told = Mutex<[Notice]>([])
    let sent = Mutex<[String: Int]>([:])

    func take(_ notice: Notice) { told.withLock { $0.append(notice) } }
    func count(_ name: String, _ count: Int) { sent.withLock { $0[name, default: 0] += count } }
  }

  var notices: [Notice] { record.told.withLock { $0 } }
  var commands: [String: Int] { record.sent.withLock { $0 } }
  func forgetNotices() { record.told.withLock { $0 = [] } }

  var lastScan: ScanProgress? {
    notices.reversed().lazy.compactMap { if case .scan(let progress) = $0 { progress } else { nil } }.first
  }

  var scans: [ScanProgress] { notices.compactMap { if case .scan(let progress) = $0 { progress } else { nil } } }

  var linkStates: [Requests.LinkState] { notices.compactMap { if case .link(let state) = $0 { state } else { nil } } }

  /// What answered after the connection was lost, as it was told.
  var reconnections: [Reconnection] {
    notices.compactMap { if case .reconnected(let found) = $0 { found } else { nil } }
  }

  var isServerReplaced: Bool { reconnections.contains { !$0.isSame } }

  var losses: [LinkLoss] { linkStates.compactMap { if case .lost(let loss) = $0 { loss } else { nil } } }

  /// Scans `database` to the end.
  @discardableResult
  func scan(_ database: Int = 0) async throws -> ScanProgress {
    guard case .selected = await store.answer(.select(database: database)) else {
      throw TestFailure("not selected")
    }
    return try await scanEnd()
  }

  func scanEnd() async throws -> ScanProgress {
    let isOver: () async -> Bool = { [self] in lastScan.map { $0.phase != .running } ?? false }
    guard await eventually(seconds: 180, isOver), let progress = lastScan else {
      throw TestFailure("the scan does not end: \(String(describing: lastScan))")
    }
    return progress
  }

  func opened(_ name: KeyName, pageLength: Int = 100) async throws -> OpenedKey {
    let answer = await store.answer(.open(name, pageLength: pageLength))
    guard case .opened(let opened) = answer else { throw TestFailure("not opened: \(answer)") }
    return opened
  }

  func page(_ name: KeyName, _ type: KeyType, _ window: ValueWindow) async throws -> ValuePage {
    let answer = await store.answer(.page(name, type, window))
    guard case .page(_, let page, _, _) = answer else { throw TestFailure("no page: \(answer)") }
    return page
  }

  func facts(_ names: KeyName...) async throws -> [KeyFacts] {
    let answer = await store.answer(.facts(names))
    guard case .facts(let facts, _) = answer else { throw TestFailure("no facts: \(answer)") }
    return facts
  }

  func failure(_ request: Request) async throws -> Failure {
    let answer = await store.answer(request)
    guard case .failed(let failure) = answer else { throw TestFailure("not failed: \(answer)") }
    return failure
  }

  func names(_ query: ListQuery = ListQuery(layout: .flat)) async throws -> [KeyName] {
    let answer = await store.answer(.rows(query))
    guard case .rows(let rows, _) = answer else { throw TestFailure("no rows: \(answer)") }
    return (0..<rows.count).map { rows[$0].id.name }
  }
}

extension KeyName: ExpressibleByStringLiteral {
  package init(stringLiteral text: String) { self.init(text) }
}

extension HashPage.Field {
  /// As a server tells it that has no TTLs of fields.
  static func withoutTTLs(_ name: [UInt8], _ value: [UInt8]) -> HashPage.Field {
    HashPage.Field(
      name: name, value: value, deadline: .denied(Denial(command: "HPEXPIRETIME", missingRule: nil)))
  }
}

extension TestServer {
  /// A user with these rules, password `pw`, on a server of its own.
  static func withUser(_ rules: String...) throws -> TestServer {
    let server = try TestServer()
    let reply = try server.cli(["ACL", "SETUSER", "limited", "on", ">pw", "~*"] + rules, database: 0)
    guard reply == "OK" else { throw TestFailure(reply) }
    return server
  }
}

/// Looks until `condition` holds, without holding up a thread; the deadline is a safety net.
func eventually(seconds: Double = 120, _ condition: () async -> Bool) async -> Bool {
  await Eventually.until(seconds: seconds) { await condition() }
}
