import Keyspace
import PrivateServer
import Requests
import Store
import Synchronization
import TestSupport
import Testing
import Values

/// Other clients and broken connections between any two steps of an edit: what is reported is what the server did.
@Suite("Edits among faults", .serialized) struct WriteFaultTests {
  typealias Way = WriteHarness.Way
  static let deadline: Int64 = 4_102_444_800_123

  /// An edit that writes `MINE`, of a key that another client changes.
  struct Case: Sendable {
    var make: [String]
    var type: KeyType
    var change: Change
    /// Another client changes the same part, or another part of the key.
    var same: [String]
    var other: [String]
    /// What the key holds of ours.
    var read: [String]
  }

  static let cases: [Case] = [
    Case(
      make: ["SET", "k", "old"], type: .string, change: .string(from: bytes("old"), to: bytes("MINE")),
      same: ["SET", "k", "theirs", "KEEPTTL"], other: ["PEXPIREAT", "k", "4102444800999"], read: ["GET", "k"]),
    Case(
      make: ["HSET", "k", "f", "old"], type: .hash, change: .field(bytes("f"), from: bytes("old"), to: bytes("MINE")),
      same: ["HSET", "k", "f", "theirs"], other: ["HSET", "k", "g", "theirs"], read: ["HGET", "k", "f"]),
    Case(
      make: ["RPUSH", "k", "a", "old"], type: .list, change: .element(index: 1, from: bytes("old"), to: bytes("MINE")),
      same: ["LSET", "k", "1", "theirs"], other: ["LSET", "k", "0", "theirs"], read: ["LINDEX", "k", "1"]),
    Case(
      make: ["ZADD", "k", "1", "m"], type: .sortedSet, change: .score(bytes("m"), from: bytes("1"), to: bytes("77")),
      same: ["ZADD", "k", "5", "m"], other: ["ZADD", "k", "9", "n"], read: ["ZSCORE", "k", "m"]),
    Case(
      make: ["SADD", "k", "old"], type: .set, change: .renameMember(bytes("old"), to: bytes("MINE")),
      same: ["SREM", "k", "old"], other: ["SADD", "k", "theirs"], read: ["SISMEMBER", "k", "MINE"]),
  ]

  enum Act: CaseIterable, Sendable {
    case same, other, extend, persist, delete, expire, rename, flush, swap, retype
  }

  private static func perform(_ act: Act, _ item: Case, on server: TestServer) throws {
    switch act {
    case .same: try server.cli(item.same, database: 0)
    case .other: try server.cli(item.other, database: 0)
    case .extend: try server.cli("PEXPIREAT", "k", "4102444800777")
    case .persist: try server.cli("PERSIST", "k")
    case .delete: try server.cli("DEL", "k")
    case .expire: try server.cli("PEXPIREAT", "k", "1")
    case .rename: try server.cli("RENAME", "k", "k2")
    case .flush: try server.cli("FLUSHALL")
    case .swap: try server.cli("SWAPDB", "0", "1")
    case .retype:
      try server.cli("DEL", "k")
      try server.cli("XADD", "k", "*", "f", "v")
    }
  }

  /// Bytes of a command's name on the wire, in a piece of the write connection.
  private static func holds(_ piece: [UInt8], _ word: String) -> Bool {
    String(decoding: piece, as: UTF8.self).contains("\r\n\(word)\r\n")
  }

  /// `before`: a word of the piece before which the other client acts.
  @Test("another client between any two steps", arguments: [Way.script3, .watch], ["SELECT", "EVAL", "EXEC", "WATCH"])
  func anotherClientBetween(way: Way, before: String) async throws {
    if way == .script3, before != "SELECT", before != "EVAL" { return }
    if way == .watch, before == "EVAL" { return }
    let server = try TestServer()
    let proxy = try FaultProxy(to: .unix(server.socketPath))
    let harness = try await WriteHarness(server, way, through: proxy.address)
    let acting = Mutex<(@Sendable () -> Void)?>(nil)
    proxy.set(.toServer) {
      $0.onPiece = { piece, _ in
        guard Self.holds(piece, before) else { return nil }
        let act = acting.withLock { acting in
          defer { acting = nil }
          return acting
        }
        act?()
        return nil
      }
    }
    // The first write opens the connection, with a greeting of its own.
    _ = await harness.outcome("none", .present(.string), .expiry(from: nil, to: .never))
    for item in Self.cases {
      for act in Act.allCases {
        try server.cli("FLUSHALL")
        try server.cli(item.make, database: 0)
        try server.cli("PEXPIREAT", "k", String(Self.deadline))
        acting.withLock { $0 = { try? Self.perform(act, item, on: server) } }
        let outcome = await harness.outcome("k", .present(item.type), item.change)
        #expect(acting.withLock { $0 == nil }, "\(before) did not come")
        let value = try server.cli(item.read, database: 0)
        let isMine = ["MINE", "77"].contains(value) || item.type == .set && value == "1"
        let mark = Comment(rawValue: "\(item.type) \(act) \(outcome)")
        #expect(outcome.isApplied == isMine, mark)
        switch act {
        case .other, .extend, .persist:
          #expect(outcome.isDone, mark)
          let wanted =
            act == .extend
            ? "4102444800777" : act == .persist ? "-1" : item.type == .string ? "4102444800999" : String(Self.deadline)
          #expect(try server.cli("PEXPIRETIME", "k") == wanted, mark)
          if act == .other {
            #expect(
              try server.cli("DUMP", "k").contains("theirs") || item.type == .string || item.type == .sortedSet, mark)
          }
        case .same: guard case .conflict = outcome else { #expect(outcome == .gone, mark); continue }
        case .delete, .expire, .rename, .flush, .swap: #expect(outcome == .gone, mark)
        case .retype: #expect(outcome == .typeChanged(.stream), mark)
        }
        if act == .rename { #expect(try server.cli("PEXPIRETIME", "k2") == String(Self.deadline), mark) }
      }
    }
  }

  /// The request cut before, in and after, and the reply before, in and after: never sent twice, and told as it is.
  @Test("fault 2, row 20: a lost reply is read back, not sent again", arguments: [Way.script3, .script2, .watch])
  func lostReplies(way: Way) async throws {
    let server = try TestServer()
    let commit = way == .watch ? "EXEC" : "EVAL"
    for item in Self.cases + [Self.push, Self.count] {
      for cut in Cut.allCases {
        try server.cli("FLUSHALL")
        try server.cli(item.make, database: 0)
        try server.cli("PEXPIREAT", "k", String(Self.deadline))
        let before = try server.cli("DEBUG", "DIGEST-VALUE", "k")
        try server.cli("CONFIG", "RESETSTAT")
        let proxy = try FaultProxy(to: .unix(server.socketPath))
        let harness = try await WriteHarness(server, way, through: proxy.address)
        let isArmed = Mutex(true)
        let isCommitted = Mutex(false)
        proxy.set(.toServer) {
          $0.onPiece = { piece, _ in
            guard Self.holds(piece, commit), isArmed.withLock({ $0 }) else { return nil }
            isArmed.withLock { $0 = false }
            switch cut {
            case .beforeRequest: return 0
            case .inRequest: return piece.count / 2
            case .afterRequest: return piece.count
            case .beforeReply, .inReply:
              isCommitted.withLock { $0 = true }
              return nil
            }
          }
        }
        proxy.set(.toClient) {
          $0.onPiece = { piece, _ in
            // Pushes of tracking go to another connection.
            guard piece.first != UInt8(ascii: ">"), isCommitted.withLock({ $0 }) else { return nil }
            isCommitted.withLock { $0 = false }
            return cut == .beforeReply ? 0 : piece.count / 2
          }
        }
        let outcome = await harness.outcome("k", .present(item.type), item.change)
        let after = try server.cli("DEBUG", "DIGEST-VALUE", "k")
        let mark = Comment(rawValue: "\(item.type) \(item.change) \(cut): \(outcome)")
        // The reply may have come through before the connection was closed behind the request.
        if cut == .afterRequest, outcome.isDone, after != before { continue }
        guard case .unknown(let verdict, _) = outcome else {
          Issue.record(mark)
          continue
        }
        #expect((verdict == .applied) == (after != before), mark)
        #expect(verdict == .applied || verdict == .notApplied, mark)
        if cut == .beforeRequest || cut == .inRequest { #expect(verdict == .notApplied, mark) }
        if cut == .beforeReply || cut == .inReply { #expect(verdict == .applied, mark) }
        #expect(try server.cli("PEXPIRETIME", "k") == String(Self.deadline), mark)
        let stats = try server.cli("INFO", "commandstats")
        let calls =
          stats.split(separator: "\r\n").first { $0.hasPrefix("cmdstat_\(commit.lowercased()):calls=") } ?? "=0,"
        let count = calls.split(separator: "=").dropFirst().first?.split(separator: ",").first.flatMap { Int($0) } ?? 0
        #expect(count <= 1, mark)
      }
    }
  }

  enum Cut: CaseIterable, Sendable {
    case beforeRequest, inRequest, afterRequest, beforeReply, inReply
  }

  static let push = Case(
    make: ["RPUSH", "k", "x"], type: .list, change: .insert(bytes("x"), .tail), same: [], other: [],
    read: ["LLEN", "k"])
  static let count = Case(
    make: ["SET", "k", "41"], type: .string, change: .add(.string, by: bytes("1"), isFloat: false), same: [], other: [],
    read: ["GET", "k"])

  /// An edit that was composed before the connection was lost is not sent on the next one, nor to another database.
  @Test("row 24: never on another database or connection than it was composed for")
  func neverElsewhere() async throws {
    let server = try TestServer()
    let harness = try await WriteHarness(server, database: 9)
    try server.cli("SET", "k", "sentinel")
    try harness.redis("SET", "k", "old")
    let old = harness.edit("k", .present(.string), .string(from: bytes("old"), to: bytes("new")))
    _ = await harness.outcome("none", .present(.string), .expiry(from: nil, to: .never))
    try server.cli("CLIENT", "KILL", "TYPE", "normal")
    #expect(await eventually { harness.edit("k", .present(.string), old.change).session > old.session })
    #expect(await harness.write(old).items[0].outcome == .otherSession)
    #expect(try harness.redis("GET", "k") == "old")
    #expect(await eventually { await harness.outcome("k", .present(.string), old.change).isDone })
    #expect(try harness.redis("GET", "k") == "new")
    #expect(await harness.undo()?.isDone == true)
    #expect(try harness.redis("GET", "k") == "old")
    #expect(try server.cli("GET", "k") == "sentinel")
    // Composed for database 3 while 9 is open.
    var third = harness.edit("k", .absent(.string, .never), .string(from: nil, to: bytes("third")))
    third.database = 3
    #expect(await harness.write(third).items[0].outcome.isDone)
    #expect(try server.cli(["GET", "k"], database: 3) == "third")
    #expect(try server.cli("GET", "k") == "sentinel")
  }

  @Test("fault 34: while writes are paused an edit waits, and can be waited for no longer", arguments: Way.allCases)
  func pausedWrites(way: Way) async throws {
    let server = try TestServer()
    let harness = try await WriteHarness(server, way)
    try harness.redis("SET", "k", "old")
    _ = await harness.outcome("none", .present(.string), .expiry(from: nil, to: .never))
    try server.cli("CLIENT", "PAUSE", "600000", "WRITE")
    let edit = Task { await harness.outcome("k", .present(.string), .string(from: bytes("old"), to: bytes("new"))) }
    func isHeld() throws -> Bool {
      try server.cli("CLIENT", "LIST").split(whereSeparator: \.isNewline)
        .contains { $0.contains(" name=keyglass-write ") && $0.contains(/flags=[a-zA-Z]*b/) }
    }
    #expect(await eventually { (try? isHeld()) == true })
    // The others go on.
    guard case .server = await harness.store.answer(.serverFacts) else { throw TestFailure("no INFO") }
    _ = await harness.store.answer(.stopWriting)
    let outcome = await edit.value
    guard case .unknown(let verdict, let why) = outcome else { throw TestFailure("\(outcome)") }
    #expect(verdict == .notApplied && why.contains("you stopped waiting"), "\(outcome)")
    try server.cli("CLIENT", "UNPAUSE")
    #expect(try harness.redis("GET", "k") == "old")
    #expect(await harness.outcome("k", .present(.string), .string(from: bytes("old"), to: bytes("new"))).isDone)
  }

  /// Others write other parts of the same key all the time.
  @Test("hot keys: an edit among a thousand writes a second") func hotKeys() async throws {
    for way in [Way.script3, .watch] {
      let server = try TestServer()
      try server.cli("HSET", "h", "f", "0", "hot", "0")
      try server.cli("RPUSH", "l", "0", "hot")
      let harness = try await WriteHarness(server, way)
      let isOver = Mutex(false)
      let written = Mutex(0)
      let writer = WorkerThread {
        while !isOver.withLock({ $0 }) {
          _ = try? server.pipeline([
            ["HINCRBY", "h", "hot", "1"], ["LSET", "l", "1", "\(written.withLock { $0 })"], ["PEXPIRE", "h", "100000"],
          ])
          written.withLock { $0 += 3 }
        }
      }
      defer {
        isOver.withLock { $0 = true }
        writer.join()
      }
      var (field, element) = (0, 0)
      for round in 0..<20 {
        let (old, new) = (bytes("\(round)"), bytes("\(round + 1)"))
        if try server.cli("HGET", "h", "f") == "\(field)" {
          let outcome = await harness.outcome(
            "h", .present(.hash), .field(bytes("f"), from: bytes("\(field)"), to: new))
          if outcome.isDone { field = round + 1 } else { #expect(way == .watch && outcome == .tooBusy, "\(outcome)") }
        }
        let outcome = await harness.outcome(
          "l", .present(.list), .element(index: 0, from: bytes("\(element)"), to: new))
        if outcome.isDone { element = round + 1 } else { #expect(way == .watch && outcome == .tooBusy, "\(outcome)") }
        _ = old
        #expect(try server.cli("HGET", "h", "f") == "\(field)")
        #expect(try server.cli("LINDEX", "l", "0") == "\(element)")
        // The field that others write: a conflict, or a success that is true.
        let hot = try server.cli("HGET", "h", "hot")
        let result = await harness.outcome("h", .present(.hash), .field(bytes("hot"), from: bytes(hot), to: bytes("0")))
        switch result {
        case .applied, .conflict, .tooBusy: break
        default: Issue.record("\(result)")
        }
      }
      if way == .script3 { #expect(field == 20 && element == 20) }
    }
  }
}
