import CPlatform
import PrivateServer
import RedisClient
import Requests
import Store
import Synchronization
import TestSupport
import Testing

/// SUBSCRIBE, MONITOR and their like.
@Suite("Streams in the console", .serialized) struct ConsoleStreamTests {
  private func statuses(_ harness: ConsoleHarness, _ id: Int) -> [StreamStatus] {
    harness.consoleNotices.compactMap { if case .stream(let status) = $0, status.id == id { status } else { nil } }
  }

  private func last(_ harness: ConsoleHarness, _ id: Int) -> StreamStatus {
    statuses(harness, id).last ?? StreamStatus(id: id)
  }

  /// Waits until the subscription is confirmed.
  private func begin(_ line: String, in harness: ConsoleHarness) async -> Int {
    let report = await harness.run(bytesOf(line))
    #expect(report.isStreaming, "\(report)")
    #expect(await eventually { last(harness, report.id).received >= 1 }, "\(line)")
    return report.id
  }

  /// Behind the time.
  private func text(_ line: ReplyLine?) -> String {
    ReplyLine(parts: Array((line?.parts ?? []).drop { $0.role == .time })).plain
  }

  @Test("one line for each message, by its kind", arguments: allServers, bothProtocols)
  func lines(binary: String?, version: Endpoint.ProtocolPreference) async throws {
    let server = try TestServer(binary: binary)
    let harness = try await ConsoleHarness(server, version)
    var id = await begin("SUBSCRIBE news other", in: harness)
    #expect(await eventually { last(harness, id).received == 2 })
    #expect(last(harness, id).tail.map { text($0) } == ["subscribe  news  1", "subscribe  other  2"])
    try server.cli("PUBLISH", "news", "hello \"you\"")
    #expect(await eventually { last(harness, id).received == 3 })
    #expect(text(last(harness, id).tail.last) == "news  \"hello \"you\"\"")
    #expect(last(harness, id).tail.last?.parts.first?.role == .time)
    id = await begin("PSUBSCRIBE n*", in: harness)
    try server.cli("PUBLISH", "news", "by pattern")
    #expect(await eventually { last(harness, id).received == 2 })
    #expect(last(harness, id).tail.map { text($0) } == ["psubscribe  n*  1", "news  \"by pattern\""])
    if try !server.cli("COMMAND", "INFO", "ssubscribe").isEmpty {
      id = await begin("SSUBSCRIBE shard", in: harness)
      try server.cli("SPUBLISH", "shard", "by shard")
      #expect(await eventually { last(harness, id).received == 2 })
      #expect(last(harness, id).tail.map { text($0) } == ["ssubscribe  shard  1", "shard  \"by shard\""])
    }
    id = await begin("MONITOR", in: harness)
    try server.cli("SET", "k", "seen")
    #expect(await eventually { last(harness, id).tail.contains { $0.plain.contains("\"SET\" \"k\" \"seen\"") } })
    #expect(text(last(harness, id).tail.first) == "OK")
    guard case .console(.stream(let end)) = await harness.store.answer(.console(.endStream)) else {
      throw TestFailure("no end")
    }
    #expect(end.end == "stopped")
    // What was kept stays readable.
    #expect(await harness.lines(of: id, 0..<1).count == 1)
    #expect(await eventually { ((try? server.clients(named: "keyglass-stream")) ?? ["?"]).isEmpty })
    #expect(await harness.run("ECHO", "x").text == "\"x\"")
  }

  /// What another client publishes is received, to the message, however fast it comes.
  @Test("50,000 messages a second", arguments: bothProtocols)
  func flood(version: Endpoint.ProtocolPreference) async throws {
    let server = try TestServer()
    let harness = try await ConsoleHarness(server, version)
    let id = await begin("SUBSCRIBE c", in: harness)
    // A debug build may be slower than that: the server would close the connection of a reader that falls behind.
    try server.cli("CONFIG", "SET", "client-output-buffer-limit", "pubsub 0 0 0")
    let seconds = Campaign.isOn ? 10 : 1
    let payload = String(repeating: "x", count: 200)
    let before = kg_memory_resident_bytes()
    let started = ContinuousClock().now
    let noticesBefore = statuses(harness, id).count
    let publishing = Task.detached {
      for second in 0..<seconds {
        for part in 0..<50 {
          let slot = started + .milliseconds(second * 1_000 + part * 20)
          try await Task.sleep(until: slot, clock: .continuous)
          try server.pipeline(
            (0..<1_000).map { ["PUBLISH", "c", "\(second * 50_000 + part * 1_000 + $0) \(payload)"] })
        }
      }
    }
    try await publishing.value
    let total = seconds * 50_000 + 1
    #expect(await eventually { last(harness, id).received == total }, "\(last(harness, id).received) of \(total)")
    let lasted = (ContinuousClock().now - started) / .seconds(1)
    let status = last(harness, id)
    #expect(text(status.tail.last) == "c  \"\(total - 2) \(payload)\"")
    // The newest are kept, without a gap.
    let page = await harness.lines(of: id, 0..<total)
    #expect(page.count == status.received - status.dropped && page.count > 1_000)
    let numbers = page.compactMap { $0.split(separator: "\"").dropFirst().first?.split(separator: " ").first }
      .compactMap { Int($0) }
    #expect(numbers.count == page.count && numbers.last == total - 2)
    #expect(zip(numbers, numbers.dropFirst()).allSatisfy { $0 + 1 == $1 })
    #expect(Double(statuses(harness, id).count - noticesBefore) <= 20 * lasted + 5)
    #expect(kg_memory_resident_bytes() - before < 200 << 20)
    guard case .console(.stream(let end)) = await harness.store.answer(.console(.endStream)) else {
      throw TestFailure("no end")
    }
    #expect(end.received == total && end.end != nil)
  }

  @Test("payloads of a megabyte", arguments: bothProtocols)
  func bigPayloads(version: Endpoint.ProtocolPreference) async throws {
    let server = try TestServer()
    let harness = try await ConsoleHarness(server, version)
    let id = await begin("SUBSCRIBE c", in: harness)
    let before = kg_memory_resident_bytes()
    for number in 0..<40 {
      try server.cli("PUBLISH", "c", "\(number) " + String(repeating: "y", count: 1 << 20))
      // The server closes the connection of a reader that is 32 MB behind.
      if number % 8 == 7 { #expect(await eventually { last(harness, id).received == number + 2 }) }
    }
    #expect(await eventually { last(harness, id).received == 41 })
    let status = last(harness, id)
    #expect(status.end == nil && status.received - status.dropped >= 4 && status.dropped > 30)
    let line = try #require(status.tail.last)
    #expect(line.parts.last?.bytes.count == 2_048 && line.parts.last?.omitted == (1 << 20) + 3 - 2_048)
    #expect(kg_memory_resident_bytes() - before < 120 << 20)
    guard
      case .console(.document(let whole, _)) = await harness.store.answer(
        .console(.document(reply: id, .element(line: 40))))
    else { throw TestFailure("no document") }
    #expect(whole.count == (1 << 20) + 3)
    // One that was dropped is no more.
    guard
      case .console(.document(let gone, _)) = await harness.store.answer(
        .console(.document(reply: id, .element(line: 1))))
    else { throw TestFailure("no document") }
    #expect(gone.isEmpty)
    guard
      case .console(.found(let found)) = await harness.store.answer(
        .console(.find(bytes("39 yy"), in: [id], from: ReplyPlace(reply: id, line: 0), forward: true)))
    else { throw TestFailure("nothing found") }
    #expect(found == ReplyPlace(reply: id, line: 40))
  }

  @Test("the server ends it", arguments: bothProtocols, ["SUBSCRIBE c", "MONITOR"])
  func killed(version: Endpoint.ProtocolPreference, line: String) async throws {
    let server = try TestServer()
    let harness = try await ConsoleHarness(server, version)
    let id = await begin(line, in: harness)
    try await harness.killConsole("keyglass-stream")
    #expect(await eventually { last(harness, id).end != nil })
    #expect(last(harness, id).end?.contains("the server closed it") == true)
    // It is told once, and the console goes on.
    #expect(statuses(harness, id).count { $0.end != nil } == 1)
    #expect(await harness.run("ECHO", "x").text == "\"x\"")
    let next = await begin(line, in: harness)
    #expect(next != id && last(harness, next).end == nil)
  }

  @Test("another one takes its place", arguments: bothProtocols)
  func replaced(version: Endpoint.ProtocolPreference) async throws {
    let server = try TestServer()
    let harness = try await ConsoleHarness(server, version)
    let first = await begin("SUBSCRIBE one", in: harness)
    let second = await begin("SUBSCRIBE two", in: harness)
    try server.cli("PUBLISH", "one", "to nobody")
    try server.cli("PUBLISH", "two", "to the second")
    #expect(await eventually { last(harness, second).received == 2 })
    #expect(last(harness, first).received == 1)
    #expect(try server.clients(named: "keyglass-stream").count == 1)
  }

  /// The server's no is no message.
  @Test("what the server refuses", arguments: bothProtocols)
  func refused(version: Endpoint.ProtocolPreference) async throws {
    let server = try TestServer()
    try server.cli("ACL", "SETUSER", "limited", "on", ">pw", "~*", "resetchannels", "+@all", "-monitor")
    let harness = try await ConsoleHarness(server, version, user: "limited")
    for line in ["MONITOR", "SUBSCRIBE c", "SUBSCRIBE", "PSUBSCRIBE"] {
      let report = await harness.run(bytesOf(line))
      #expect(report.isStreaming)
      #expect(await eventually { last(harness, report.id).end != nil }, "\(line)")
      let status = last(harness, report.id)
      #expect(status.end == "the server refused it", "\(line)")
      #expect(status.tail.last?.parts.last?.role == .error, "\(line)")
      #expect(await eventually { ((try? server.clients(named: "keyglass-stream")) ?? ["?"]).isEmpty })
    }
  }

  @Test("there is none to end") func none() async throws {
    let harness = try await ConsoleHarness(TestServer())
    guard case .console(.stream(let end)) = await harness.store.answer(.console(.endStream)) else {
      throw TestFailure("no answer")
    }
    #expect(end.received == 0 && end.end != nil)
  }

  @Test("it listens in the database it was typed in") func database() async throws {
    let server = try TestServer()
    let harness = try await ConsoleHarness(server, database: 4)
    let id = await begin("SUBSCRIBE __keyspace@4__:k", in: harness)
    try server.cli("CONFIG", "SET", "notify-keyspace-events", "KEA")
    try server.cli(["SET", "k", "v"], database: 4)
    #expect(await eventually { last(harness, id).received == 2 })
    #expect(text(last(harness, id).tail.last) == "__keyspace@4__:k  \"set\"")
    #expect(harness.session.database == 4)
  }
}
