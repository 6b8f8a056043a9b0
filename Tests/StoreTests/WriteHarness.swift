import Keyspace
import PrivateServer
import RedisClient
import Requests
import Store
import Synchronization
import TestSupport
import Testing
import Values

/// A store that writes to a real server, and another client beside it.
final class WriteHarness: Sendable {
  /// How the edits reach the server: the way differs, the outcome does not.
  enum Way: Sendable, CaseIterable, CustomTestStringConvertible {
    case script3
    case script2
    /// EVAL is denied.
    case watch

    var testDescription: String {
      switch self {
      case .script3: "EVAL, RESP3"
      case .script2: "EVAL, RESP2"
      case .watch: "WATCH"
      }
    }
  }

  let server: TestServer
  let store: Store
  let database: Int
  private let told = Mutex<[Notice]>([])

  init(
    _ server: TestServer, _ way: Way = .script3, rights: [String]? = nil, database: Int = 0, isReadOnly: Bool = false,
    lock: WriteLock? = nil,
    through proxy: TestAddress? = nil, replyTimeout: Duration = .seconds(10)
  ) async throws {
    self.server = server
    self.database = database
    var endpoint = Endpoint(address: .unix(path: server.socketPath), database: database)
    if case .unix(let path)? = proxy { endpoint.address = .unix(path: path) }
    if let rights = rights ?? (way == .watch ? ["+@all", "-eval"] : nil) {
      try server.cli(["ACL", "SETUSER", "watcher", "on", ">pw", "~*"] + rights, database: 0)
      (endpoint.username, endpoint.password) = (Array("watcher".utf8), Array("pw".utf8))
    }
    endpoint.protocolVersion = way == .script2 ? .resp2 : .automatic
    var options = StoreOptions(replyTimeout: replyTimeout)
    options.isReadOnly = isReadOnly
    options.lock = lock
    let notices = NoticeKeeper()
    store = Store(endpoint: endpoint, options: options, notify: { notices.add($0) })
    self.notices = notices
    _ = try await store.connect()
  }

  private let notices: NoticeKeeper

  /// As it was told last.
  var session: Int { notices.session }
  /// The Store has asked which server this is.
  var isGreeted: Bool { get async { await store.isGreeted } }

  final class NoticeKeeper: Sendable {
    private let kept = Mutex<[Notice]>([])
    func add(_ notice: Notice) { kept.withLock { $0.append(notice) } }
    var session: Int {
      kept.withLock {
        $0.reversed().lazy.compactMap { if case .session(let number) = $0 { number } else { nil } }.first
      }
        ?? 1
    }
  }

  func edit(_ key: KeyName, _ presence: Edit.Presence, _ change: Change, session: Int? = nil) -> Edit {
    Edit(key: key, change: change, presence: presence, database: database, session: session ?? notices.session)
  }

  @discardableResult
  func write(_ edits: Edit...) async -> WriteReport {
    guard case .written(let report) = await store.answer(.write(WriteJob(id: 1, edits: edits))) else {
      return WriteReport(id: 0, kind: .edit, items: [])
    }
    return report
  }

  @discardableResult
  func outcome(_ key: KeyName, _ presence: Edit.Presence, _ change: Change) async -> Outcome {
    await write(edit(key, presence, change)).items.first?.outcome ?? .tooBusy
  }

  /// The outcome of undo or redo; nil where there was nothing.
  @discardableResult
  func undo(_ way: UndoWay = .normal, isRedo: Bool = false) async -> Outcome? {
    let answer = await store.answer(isRedo ? .redo(way) : .undo(way))
    guard case .written(let report) = answer else { return nil }
    return report.items.first?.outcome
  }

  /// As another client, in the harness's database.
  @discardableResult
  func redis(_ words: String...) throws -> String { try server.cli(words, database: database) }

  /// One reply with its bytes as they are.
  func raw(_ words: [[UInt8]]) throws -> ServerReply? { try raw([words]).last }

  func raw(_ commands: [[UInt8]]...) throws -> [ServerReply] { try raw(commands) }

  private func raw(_ commands: [[[UInt8]]]) throws -> [ServerReply] {
    var batch = ServerBatch()
    if database != 0 { batch.add(["SELECT", String(database)]) }
    for words in commands { batch.add(words) }
    return try server.pipeline(batch).suffix(commands.count)
  }

  /// Type, value as it stands, and deadline of a key: what must be equal after a round trip.
  func snapshot(_ key: KeyName) throws -> String {
    let type = try raw(command("TYPE", key))?.text ?? ""
    let reading: [[UInt8]]
    switch type {
    case "string": reading = command("GET", key)
    case "list": reading = command("LRANGE", key, 0, -1)
    case "hash": reading = command("HGETALL", key)
    case "set": reading = command("SMEMBERS", key)
    case "zset": reading = command("ZRANGE", key, 0, -1, "WITHSCORES")
    case "stream": reading = command("XRANGE", key, "-", "+")
    default: return type
    }
    var value = try raw(reading).map { String(describing: $0) } ?? ""
    // These have no order.
    if type == "hash" || type == "set", case .array(let elements?)? = try raw(reading) {
      let width = type == "hash" ? 2 : 1
      value = stride(from: 0, to: elements.count, by: width).map { "\(elements[$0..<$0 + width])" }.sorted().joined()
    }
    return [type, value, try deadline(key).map { String($0) } ?? "?"].joined(separator: " ")
  }

  /// A key's deadline, to the millisecond, -1 without one; before Redis 7.0 from PTTL between two readings of the
  /// server's clock that are the same.
  func deadline(_ key: KeyName) throws -> Int64? {
    if let told = try raw(command("PEXPIRETIME", key))?.text, let time = Int64(told) { return time }
    for _ in 0..<200 {
      let replies = try raw(command("TIME"), command("PTTL", key), command("TIME"))
      let clock = [replies[0], replies[2]].map { time in
        let parts = time.text.split(separator: "\n").compactMap { Int64($0) }
        return parts.count == 2 ? parts[0] * 1_000 + parts[1] / 1_000 : 0
      }
      guard let left = Int64(replies[1].text) else { return nil }
      if left < 0 { return left }
      if clock[0] == clock[1] { return clock[0] + left }
    }
    return nil
  }
}

extension Outcome {
  var isDone: Bool { if case .applied = self { true } else { false } }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
