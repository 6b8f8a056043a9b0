import Keyspace
import PrivateServer
import RedisClient
import Requests
import Store
import TestSupport
import Testing
import Values

@Suite(.serialized) struct ValueTests {
  @Test(arguments: [Endpoint.ProtocolPreference.resp2, .automatic])
  func opensEveryType(_ version: Endpoint.ProtocolPreference) async throws {
    let server = try TestServer()
    try server.pipeline([
      ["SET", "s", "hello"], ["RPUSH", "l", "a", "b", "c"], ["HSET", "h", "f", "v"], ["SADD", "set", "m"],
      ["ZADD", "z", "1.5", "low", "inf", "high", "0.1", "tenth"], ["XADD", "x", "5-1", "f", "1", "f", "2"],
      ["XGROUP", "CREATE", "x", "g", "0"], ["PEXPIRE", "s", "600000"],
    ])
    let harness = try await Harness(server, version: version)
    #expect(harness.hello.protocolVersion == (version == .resp2 ? 2 : 3))
    let string = try await harness.opened("s")
    #expect(string.page == .string(StringPage(length: 5, offset: 0, bytes: Array("hello".utf8))))
    #expect(string.facts.type == .known(.string))
    #expect(string.inspection.length == .known(5))
    #expect(string.inspection.encoding == .known("embstr"))
    #expect(string.inspection.frequency == .known(nil))
    #expect(string.inspection.idleSeconds.value != nil)
    #expect((string.facts.size.value ?? 0) > 5)
    guard case .known(.at(let deadline)) = string.facts.deadline else {
      Issue.record("no deadline: \(string.facts.deadline)")
      return
    }
    #expect(String(deadline) == (try server.cli("PEXPIRETIME", "s")))
    let left = deadline - string.clock.serverTime(at: MonotonicClock.now())
    #expect((1...600_000).contains(left))
    let list = try await harness.opened("l")
    #expect(list.page == .list(ListPage(length: 3, start: 0, elements: ["a", "b", "c"].map { Array($0.utf8) })))
    #expect(list.facts.deadline == .known(.persistent))
    let field = HashPage.Field.withoutTTLs(Array("f".utf8), Array("v".utf8))
    #expect(try await harness.opened("h").page == .hash(HashPage(length: 1, fields: [field], next: 0)))
    #expect(
      try await harness.opened("set").page == .set(SetPage(length: 1, members: [Array("m".utf8)], next: 0)))
    guard case .sortedSet(let sorted)? = try await harness.opened("z").page else {
      Issue.record("no sorted set")
      return
    }
    #expect(sorted.entries.map { String(decoding: $0.member, as: UTF8.self) } == ["tenth", "low", "high"])
    #expect(sorted.entries.map { String(decoding: $0.score, as: UTF8.self) } == ["0.10000000000000001", "1.5", "inf"])
    guard case .stream(let stream)? = try await harness.opened("x").page else {
      Issue.record("no stream")
      return
    }
    #expect(stream.entries.map(\.id.text) == ["5-1"])
    #expect(stream.entries.first?.fields.map { String(decoding: $0.value, as: UTF8.self) } == ["1", "2"])
    #expect(stream.reachedEnd)
    #expect(stream.groups.value?.map(\.lastDelivered) == ["0-0"])
    #expect(stream.groups.value?.map { String(decoding: $0.name, as: UTF8.self) } == ["g"])
    let missing = try await harness.opened("nope")
    #expect(missing.facts.isGone && missing.page == nil && missing.denial == nil)
  }

  @Test func readsAnyWindow() async throws {
    let server = try TestServer()
    let elements = (0..<5000).map { String($0) }
    let scores = (0..<300).flatMap { [String($0), "m\($0)"] }
    try server.pipeline([["RPUSH", "l"] + elements, ["SET", "s", "0123456789"], ["ZADD", "z"] + scores])
    try server.pipeline((1...50).map { ["XADD", "x", "\($0)-0", "n", String($0)] })
    let harness = try await Harness(server)
    guard case .list(let list) = try await harness.page("l", .list, .elements(start: 4321, count: 3)) else {
      throw TestFailure("another answer")
    }
    #expect(list.elements.map { String(decoding: $0, as: UTF8.self) } == ["4321", "4322", "4323"])
    #expect(list.length == 5000 && list.start == 4321)
    guard case .list(let beyond) = try await harness.page("l", .list, .elements(start: 9999, count: 3)) else {
      throw TestFailure("another answer")
    }
    #expect(beyond.elements.isEmpty && beyond.length == 5000)
    #expect(
      try await harness.page("s", .string, .bytes(offset: 3, length: 4))
        == .string(StringPage(length: 10, offset: 3, bytes: Array("3456".utf8))))
    guard case .sortedSet(let top) = try await harness.page("z", .sortedSet, .ranks(start: 0, count: 2, reverse: true))
    else { throw TestFailure("another answer") }
    #expect(top.entries.map { String(decoding: $0.member, as: UTF8.self) } == ["m299", "m298"] && top.reverse)

    func ids(_ position: StreamPosition, _ count: Int) async throws -> ([String], Bool) {
      guard case .stream(let page) = try await harness.page("x", .stream, .entries(from: position, count: count))
      else { throw TestFailure("no stream") }
      return (page.entries.map(\.id.text), page.reachedEnd)
    }
    let id = StreamID(milliseconds: 25, sequence: 0)
    #expect(try await ids(.first, 2) == (["1-0", "2-0"], false))
    #expect(try await ids(.last, 2) == (["50-0", "49-0"], false))
    #expect(try await ids(.after(id), 2) == (["26-0", "27-0"], false))
    #expect(try await ids(.before(id), 2) == (["24-0", "23-0"], false))
    #expect(try await ids(.after(StreamID(milliseconds: 48, sequence: 0)), 2) == (["49-0", "50-0"], true))
    #expect(try await ids(.before(StreamID(milliseconds: 0, sequence: 0)), 2) == ([], true))
    #expect(try await ids(.after(StreamID(milliseconds: .max, sequence: .max)), 2) == ([], true))
  }

  @Test func readsABigHashByWindows() async throws {
    let server = try TestServer()
    try server.cli("EVAL", "for i=1,100000 do redis.call('HSET',KEYS[1],'f'..i,i) end", "1", "big")
    let harness = try await Harness(server)
    var names: Set<[UInt8]> = []
    guard case .hash(var page)? = try await harness.opened("big", pageLength: 500).page else {
      throw TestFailure("another answer")
    }
    #expect(page.length == 100_000)
    #expect((1..<2000).contains(page.fields.count))
    names.formUnion(page.fields.map(\.name))
    var pages = 1
    while page.next != 0 {
      guard case .hash(let next) = try await harness.page("big", .hash, .fields(cursor: page.next, matching: nil))
      else { throw TestFailure("another answer") }
      page = next
      pages += 1
      names.formUnion(page.fields.map(\.name))
    }
    #expect(names.count == 100_000)
    #expect(pages > 100)
    guard
      case .hash(let matching) = try await harness.page(
        "big", .hash, .fields(cursor: 0, matching: Array("nothing*".utf8)))
    else { throw TestFailure("another answer") }
    #expect(matching.fields.isEmpty && matching.next != 0)
  }

  @Test("fault 36: of a string of 512 MiB a window is read") func readsOnlyAWindowOfAHugeString() async throws {
    let server = try TestServer()
    try server.cli("SETRANGE", "huge", String((512 << 20) - 1), "x")
    let harness = try await Harness(server)
    let opened = try await harness.opened("huge")
    guard case .string(let page)? = opened.page else { throw TestFailure("another answer") }
    #expect(page.length == 512 << 20)
    #expect(page.bytes.count == 65_536)
    guard
      case .string(let last) = try await harness.page("huge", .string, .bytes(offset: (512 << 20) - 2, length: 1 << 30))
    else { throw TestFailure("another answer") }
    #expect(last.bytes == [0, UInt8(ascii: "x")])
    guard case .string(let middle) = try await harness.page("huge", .string, .bytes(offset: 5, length: 1 << 30))
    else { throw TestFailure("another answer") }
    #expect(middle.bytes.count == 1 << 20)
    #expect(harness.commands["GET"] == nil)
  }

  @Test func bigElementsMakeSmallPages() async throws {
    let server = try TestServer()
    try server.cli("EVAL", "local v=string.rep('x',300000) for i=1,40 do redis.call('RPUSH',KEYS[1],v) end", "1", "l")
    let harness = try await Harness(server)
    guard case .list(let page)? = try await harness.opened("l").page else { throw TestFailure("another answer") }
    #expect(page.length == 40)
    #expect((1...4).contains(page.elements.count))
  }

  @Test func keepsEveryByte() async throws {
    let server = try TestServer()
    let all = [UInt8](0...255)
    var batch = ServerBatch()
    batch.add([Array("SET".utf8), all, all])
    batch.add([Array("HSET".utf8), [0x0d, 0x0a], all, []])
    try server.pipeline(batch)
    let harness = try await Harness(server)
    try await harness.scan()
    #expect(Set(try await harness.names()) == [KeyName(all), KeyName([0x0d, 0x0a])])
    #expect(
      try await harness.opened(KeyName(all)).page == .string(StringPage(length: 256, offset: 0, bytes: all)))
    let field = HashPage.Field.withoutTTLs(all, [])
    #expect(
      try await harness.opened(KeyName([0x0d, 0x0a])).page == .hash(HashPage(length: 1, fields: [field], next: 0)))
  }

  @Test func aKeyThatChangesUnderThePaneIsOpenedAnew() async throws {
    let server = try TestServer()
    let harness = try await Harness(server)
    try server.cli("RPUSH", "k", "a")
    _ = try await harness.opened("k")
    try server.pipeline([["DEL", "k"], ["SET", "k", "text"]])
    let changed = await harness.store.answer(.page("k", .list, .elements(start: 0, count: 10)))
    guard case .opened(let opened) = changed else {
      Issue.record("\(changed)")
      return
    }
    #expect(opened.facts.type == .known(.string))
    try server.cli("DEL", "k")
    guard case .opened(let gone) = await harness.store.answer(.page("k", .string, .bytes(offset: 0, length: 9)))
    else { throw TestFailure("another answer") }
    #expect(gone.facts.isGone && gone.page == nil)
  }

  @Test func answersQuestionsAboutAKey() async throws {
    let server = try TestServer()
    try server.pipeline([
      ["SADD", "a", "1", "2"], ["SADD", "b", "2", "3"], ["SET", "s", "x"],
      ["ZADD", "z", "1", "one", "2", "two", "3", "three"],
    ])
    let harness = try await Harness(server)
    let store = harness.store
    func rank(_ question: RankQuestion, reverse: Bool = false) async -> Int? {
      guard case .rank(_, let rank) = await store.answer(.rank("z", question, reverse: reverse)) else { return -1 }
      return rank
    }
    #expect(await rank(.score(Array("2".utf8))) == 1)
    #expect(await rank(.score(Array("1.5".utf8))) == 1)
    #expect(await rank(.score(Array("-inf".utf8))) == 0)
    #expect(await rank(.score(Array("9".utf8))) == nil)
    #expect(await rank(.score(Array("2".utf8)), reverse: true) == 1)
    #expect(await rank(.score(Array("0".utf8)), reverse: true) == nil)
    #expect(await rank(.member(Array("three".utf8))) == 2)
    #expect(await rank(.member(Array("three".utf8)), reverse: true) == 0)
    #expect(await rank(.member(Array("none".utf8))) == nil)
    for bad in ["", "abc", "nan", "1 2"] {
      #expect(try await harness.failure(.rank("z", .score(Array(bad.utf8)), reverse: false)).kind == .server)
    }
    guard case .membership(_, _, let isMember) = await store.answer(.isMember("a", member: [0x31])) else {
      throw TestFailure("another answer")
    }
    #expect(isMember)
    guard case .membership(_, _, let isOther) = await store.answer(.isMember("a", member: [0x39])) else {
      throw TestFailure("another answer")
    }
    #expect(!isOther)
    #expect(try await harness.failure(.isMember("s", member: [])).kind == .server)

    func union(_ name: KeyName, _ other: KeyName, _ limit: Int = 100) async -> UnionOutcome? {
      guard case .union(_, _, let outcome) = await store.answer(.union(name, other, limit: limit)) else { return nil }
      return outcome
    }
    guard case .members(let members)? = await union("a", "b") else {
      Issue.record("no union")
      return
    }
    #expect(Set(members) == [[0x31], [0x32], [0x33]])
    #expect(await union("a", "b", 2) == .tooBig("a", members: 2, limit: 2))
    #expect(await union("a", "s") == .notASet("s", type: .string))
    #expect(await union("a", "nope") == .notASet("nope", type: nil))

    guard case .dump(_, .bytes(let dump, let deadline)) = await store.answer(.dump("s", limit: 1000)) else {
      throw TestFailure("another answer")
    }
    #expect(!dump.isEmpty)
    #expect(deadline == .known(.persistent))
    guard case .dump(_, .tooBig(_, let limit)) = await store.answer(.dump("s", limit: 1)) else {
      throw TestFailure("another answer")
    }
    #expect(limit == 1)
    guard case .dump(_, let gone) = await store.answer(.dump("nope", limit: 1)) else {
      throw TestFailure("another answer")
    }
    #expect(gone == .gone)
    guard case .inspection(let inspection, _) = await store.answer(.inspect("z")) else {
      throw TestFailure("another answer")
    }
    #expect(inspection.length == .known(3))
    #expect(inspection.references == .known(1))
  }

  @Test func lookingAtTheListLeavesNoTrace() async throws {
    let server = try TestServer()
    try server.cli("SET", "k", "v")
    try await Task.sleep(for: .milliseconds(2100))
    let harness = try await Harness(server)
    try await harness.scan()
    _ = try await harness.facts("k")
    let opened = try await harness.opened("k")
    // Read after all that, and before the value.
    #expect((opened.inspection.idleSeconds.value.flatMap { $0 } ?? 0) >= 1)
  }
}
