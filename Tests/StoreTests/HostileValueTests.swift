import Keyspace
import Requests
import Store
import Synchronization
import TestSupport
import Testing
import Values

/// Windows of values whose server does not keep to what it said.
@Suite(.serialized) struct HostileValueTests {
  private static func server(_ type: String, memory: Int = 100, _ replies: [String: String]) async throws -> FakeHarness
  {
    try await FakeHarness { words in
      switch words[0] {
      case "TYPE": "+\(type)\r\n"
      case "PTTL": ":-1\r\n"
      case "MEMORY": ":\(memory)\r\n"
      default: replies[words[0]]
      }
    }
  }

  @Test func aCursorThatStandsStillIsTheEnd() async throws {
    let hash = try await Self.server("hash", ["HLEN": ":9\r\n", "HSCAN": FakeHarness.scanned("5", "f", "v")])
    #expect(
      try await hash.page(.hash, .fields(cursor: 4, matching: nil))
        == .hash(HashPage(length: 9, fields: [.withoutTTLs(Array("f".utf8), Array("v".utf8))], next: 5)))
    #expect(
      try await hash.page(.hash, .fields(cursor: 5, matching: Array("*".utf8)))
        == .hash(HashPage(length: 9, fields: [.withoutTTLs(Array("f".utf8), Array("v".utf8))], next: 0)))
    let set = try await Self.server("set", ["SCARD": ":9\r\n", "SSCAN": FakeHarness.scanned("5")])
    #expect(try await set.page(.set, .members(cursor: 4)) == .set(SetPage(length: 9, members: [], next: 5)))
    #expect(try await set.page(.set, .members(cursor: 5)) == .set(SetPage(length: 9, members: [], next: 0)))
  }

  /// What is not told does not exist: else the view would ask for it for ever.
  @Test func aLengthEndsWhereNothingComes() async throws {
    let list = try await Self.server("list", ["LLEN": ":1000\r\n", "LRANGE": "*0\r\n"])
    #expect(
      try await list.page(.list, .elements(start: 40, count: 10))
        == .list(ListPage(length: 40, start: 40, elements: [])))
    let short = try await Self.server("list", ["LLEN": ":1000\r\n", "LRANGE": FakeHarness.array("a", "b")])
    #expect(
      try await short.page(.list, .elements(start: 40, count: 10))
        == .list(ListPage(length: 42, start: 40, elements: [Array("a".utf8), Array("b".utf8)])))
    // More than asked for, beyond the length: what is there counts.
    #expect(
      try await short.page(.list, .elements(start: 2000, count: 1))
        == .list(ListPage(length: 2001, start: 2000, elements: [Array("a".utf8)])))
    let sorted = try await Self.server("zset", ["ZCARD": ":1000\r\n", "ZRANGE": FakeHarness.array("a", "1")])
    let entry = SortedSetPage.Entry(member: Array("a".utf8), score: Array("1".utf8))
    #expect(
      try await sorted.page(.sortedSet, .ranks(start: 10, count: 10, reverse: false))
        == .sortedSet(SortedSetPage(length: 11, start: 10, reverse: false, entries: [entry])))
    let string = try await Self.server("string", ["STRLEN": ":1000\r\n", "GETRANGE": "$3\r\nabc\r\n"])
    #expect(
      try await string.page(.string, .bytes(offset: 10, length: 20))
        == .string(StringPage(length: 13, offset: 10, bytes: Array("abc".utf8))))
    #expect(
      try await string.page(.string, .bytes(offset: 10, length: 2))
        == .string(StringPage(length: 1000, offset: 10, bytes: Array("ab".utf8))))
    // No window lies so far that its end cannot be counted.
    _ = try await string.page(.string, .bytes(offset: .max, length: .max))
    _ = try await list.page(.list, .elements(start: .max, count: .max))
    _ = try await sorted.page(.sortedSet, .ranks(start: .max, count: .max, reverse: true))
  }

  /// Entries that do not lie beyond the place read from would be asked for again and again.
  @Test func aStreamThatGoesInCirclesEnds() async throws {
    func entry(_ id: String) -> String { "*2\r\n$\(id.utf8.count)\r\n\(id)\r\n" + FakeHarness.array("f", "v") }
    let harness = try await Self.server(
      "stream", ["XLEN": ":9\r\n", "XRANGE": "*3\r\n" + entry("5-0") + entry("6-0") + entry("5-0")])
    func read(_ position: StreamPosition, _ count: Int) async throws -> ([String], Bool) {
      guard case .stream(let page) = try await harness.page(.stream, .entries(from: position, count: count)) else {
        throw TestFailure("no stream")
      }
      return (page.entries.map(\.id.text), page.reachedEnd)
    }
    #expect(try await read(.first, 2) == (["5-0", "6-0"], true))
    #expect(try await read(.after(StreamID(milliseconds: 4, sequence: 0)), 2) == (["5-0", "6-0"], true))
    #expect(try await read(.after(StreamID(milliseconds: 6, sequence: 0)), 2) == ([], true))
  }

  /// A window holds about 1 MB: of elements that are bigger than that alone, one.
  @Test(arguments: ["list", "hash", "set", "zset", "stream"])
  func oneBigElementAtATime(_ type: String) async throws {
    let harness = try await Self.server(
      type, memory: 60 << 20,
      [
        "LLEN": ":2\r\n", "HLEN": ":2\r\n", "SCARD": ":2\r\n", "ZCARD": ":2\r\n", "XLEN": ":2\r\n",
        "LRANGE": FakeHarness.array("a"), "HSCAN": FakeHarness.scanned("9", "f", "v"),
        "SSCAN": FakeHarness.scanned("9", "m"), "ZRANGE": FakeHarness.array("a", "1"),
        "XRANGE": "*1\r\n*2\r\n$3\r\n5-0\r\n" + FakeHarness.array("f", "v"),
      ])
    let page = try await harness.opened().page
    switch type {
    case "list": #expect(harness.asked("LRANGE") == [["LRANGE", "k", "0", "0"]])
    case "hash": #expect(harness.asked("HSCAN") == [["HSCAN", "k", "0", "COUNT", "1"]])
    case "set": #expect(harness.asked("SSCAN") == [["SSCAN", "k", "0", "COUNT", "1"]])
    case "zset": #expect(harness.asked("ZRANGE") == [["ZRANGE", "k", "0", "0", "WITHSCORES"]])
    default:
      #expect(harness.asked("XRANGE") == [["XRANGE", "k", "-", "+", "COUNT", "1"]])
      guard case .stream(let page)? = page else { throw TestFailure("no stream") }
      #expect(page.entries.count == 1 && !page.reachedEnd)
    }
  }

  /// A key that was small when it was opened may have grown since.
  @Test func aKeyThatGrewIsMeasuredAgain() async throws {
    let memory = Mutex(100)
    let harness = try await FakeHarness { words in
      switch words[0] {
      case "TYPE": "+list\r\n"
      case "PTTL": ":-1\r\n"
      case "MEMORY": ":\(memory.withLock { $0 })\r\n"
      case "LLEN": ":4\r\n"
      case "LRANGE": FakeHarness.array("a")
      default: nil
      }
    }
    _ = try await harness.opened(pageLength: 4)
    memory.withLock { $0 = 60 << 20 }
    _ = try await harness.page(.list, .elements(start: 0, count: 4))
    #expect(harness.asked("LRANGE") == [["LRANGE", "k", "0", "3"], ["LRANGE", "k", "0", "0"]])
    // Measured once for each size.
    let measured = harness.asked("LLEN").count
    _ = try await harness.page(.list, .elements(start: 1, count: 4))
    #expect(harness.asked("LLEN").count == measured + 1)
  }
}
