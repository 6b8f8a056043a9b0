import Keyspace
import RedisClient
import Requests
import Store
import Synchronization
import TestSupport
import Testing
import Values

/// A store on a server that says what the test wants, with everything it told and was asked.
final class FakeHarness: Sendable {
  let server: FakeServer
  let store: Store
  private let record: Record

  private final class Record: Sendable {
    let told = Mutex<[Notice]>([])
    let asked = Mutex<[[String]]>([])
  }

  /// - Parameter reply: what is said to a command, as RESP2; nil: that there is no such command.
  init(_ reply: @escaping @Sendable (_ command: [String]) -> String?) async throws {
    let record = Record()
    self.record = record
    server = try FakeServer(reply: { command in
      record.asked.withLock { $0.append(command) }
      return Array((reply(command) ?? "-ERR unknown command\r\n").utf8)
    })
    guard case .unix(let path) = server.address else { throw TestFailure("no socket") }
    store = Store(
      endpoint: Endpoint(address: .unix(path: path)), options: StoreOptions(),
      notify: { notice in record.told.withLock { $0.append(notice) } })
    _ = try await store.connect()
  }

  /// The commands called `name`, each with its arguments.
  func asked(_ name: String) -> [[String]] { record.asked.withLock { $0.filter { $0.first == name } } }

  var notices: [Notice] { record.told.withLock { $0 } }

  var scans: [ScanProgress] {
    record.told.withLock { $0.compactMap { if case .scan(let progress) = $0 { progress } else { nil } } }
  }

  func opened(_ name: KeyName = "k", pageLength: Int = 100) async throws -> OpenedKey {
    let answer = await store.answer(.open(name, pageLength: pageLength))
    guard case .opened(let opened) = answer else { throw TestFailure("not opened: \(answer)") }
    return opened
  }

  func page(_ type: KeyType, _ window: ValueWindow) async throws -> ValuePage {
    let answer = await store.answer(.page("k", type, window))
    guard case .page(_, let page, _, _) = answer else { throw TestFailure("no page: \(answer)") }
    return page
  }

  /// A reply of bulk strings.
  static func array(_ words: String...) -> String {
    "*\(words.count)\r\n" + words.map { "$\($0.utf8.count)\r\n\($0)\r\n" }.joined()
  }

  /// The push that says that keys have changed.
  static func invalidation(_ names: [String]) -> String {
    ">2\r\n$10\r\ninvalidate\r\n*\(names.count)\r\n"
      + names.map { "$\($0.utf8.count)\r\n\($0)\r\n" }.joined()
  }

  /// A reply to SCAN, HSCAN or SSCAN.
  static func scanned(_ cursor: String, _ words: String...) -> String { page(cursor, words) }

  static func page(_ cursor: String, _ words: [String]) -> String {
    "*2\r\n$\(cursor.utf8.count)\r\n\(cursor)\r\n*\(words.count)\r\n"
      + words.map { "$\($0.utf8.count)\r\n\($0)\r\n" }.joined()
  }
}
