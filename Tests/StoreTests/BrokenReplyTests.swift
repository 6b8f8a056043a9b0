import Keyspace
import PrivateServer
import RedisClient
import Requests
import Store
import Synchronization
import TestSupport
import Testing
import Values

/// Replies that come late, in pieces, or not to their end; and servers that close the connection over them.
@Suite("Slow and broken replies", .serialized) struct BrokenReplyTests {
  @Test("fault 5: slow replies come in order, and one SCAN is under way")
  func slowReplies() async throws {
    let server = try TestServer()
    try server.populate(5_000)
    let proxy = try FaultProxy(to: .unix(server.socketPath))
    let harness = try await Harness.ready(server, through: proxy)
    let scans = Mutex((underWay: 0, most: 0, all: 0))
    proxy.set(.toServer) {
      $0.onPiece = { piece, _ in
        guard String(decoding: piece, as: UTF8.self).contains("\r\nSCAN\r\n") else { return nil }
        scans.withLock {
          $0.underWay += 1
          $0.all += 1
          $0.most = max($0.most, $0.underWay)
        }
        return nil
      }
    }
    proxy.set(.toClient) {
      $0.delay = .milliseconds(40)
      $0.onPiece = { piece, _ in
        // A page: the cursor, and the names.
        if String(decoding: piece, as: UTF8.self).contains("*2\r\n$") { scans.withLock { $0.underWay = 0 } }
        return nil
      }
    }
    harness.forgetNotices()
    _ = await harness.store.answer(.rescan)
    await withTaskGroup { group in
      for number in 0..<20 {
        group.addTask {
          let name = KeyName("key:\(number)")
          guard case .string(let page)? = try? await harness.opened(name).page else { return false }
          return page.bytes == bytes("value:\(number)")
        }
      }
      for await isRight in group { #expect(isRight) }
    }
    #expect(try await harness.scanEnd().phase == .done)
    #expect(scans.withLock { $0.most } == 1 && scans.withLock { $0.all } >= 5)
    #expect(harness.losses.isEmpty)
  }

  @Test("fault 6: replies in slices of one byte are the same replies", arguments: bothProtocols)
  func slices(version: Endpoint.ProtocolPreference) async throws {
    let server = try TestServer(seed: .demo)
    let proxy = try FaultProxy(to: .unix(server.socketPath))
    let (whole, sliced) = (
      try await Harness(server, version: version), try await Harness(server, version: version, through: proxy)
    )
    try await whole.scan()
    try await sliced.scan()
    proxy.set(.toClient) { $0.slice = 1 }
    proxy.set(.toServer) { $0.slice = 1 }
    let names = try await whole.names()
    #expect(try await sliced.names() == names)
    for name in names.prefix(12) {
      #expect(try await sliced.opened(name).page == whole.opened(name).page, "\(name)")
    }
    #expect(sliced.losses.isEmpty)
  }

  @Test("fault 7: of a value whose reply is cut at any place nothing is shown")
  func cutReplies() async throws {
    let server = try TestServer()
    try server.pipeline([["RPUSH", "l", "first", "second", "third"], ["SET", "s", "a value"]])
    let proxy = try FaultProxy(to: .unix(server.socketPath))
    let harness = try await Harness.ready(server, through: proxy)
    let cut = Mutex<Int?>(nil)
    proxy.set(.toClient) {
      $0.onPiece = { piece, _ in
        guard piece.starts(with: ":3\r\n*3\r\n".utf8) else { return nil }
        return cut.withLock { offset in
          defer { offset = nil }
          return offset.map { min($0, piece.count - 1) }
        }
      }
    }
    for offset in 0..<42 {
      cut.withLock { $0 = offset }
      switch await harness.store.answer(.open("l", pageLength: 10)) {
      case .failed(let failure): #expect(failure.kind == .connection, "\(offset): \(failure)")
      case .opened(let opened):
        // Less may be asked for by now; what is not there is not said to be.
        guard case .list(let page)? = opened.page else { throw TestFailure("no list") }
        #expect(page.length == 3 && ["first", "second", "third"].map(bytes).starts(with: page.elements), "\(offset)")
      default: Issue.record("another answer")
      }
      cut.withLock { $0 = nil }
      // Less is asked for after each of them, and all of it again from here on.
      _ = await harness.store.answer(.rescan)
      _ = await harness.store.answer(.reconnect)
      #expect(await eventually { harness.linkStates.last == .connected })
      #expect(await eventually { (try? await harness.opened("l"))?.page != nil })
    }
    #expect(harness.losses.contains { $0.why.hasPrefix("it broke in the middle of a reply") })
  }

  @Test("fault 35: after the output-buffer limit has struck less is read at once")
  func outputBufferLimit() async throws {
    let server = try TestServer()
    try server.pipeline([["RPUSH", "l"] + (0..<200).map { _ in String(repeating: "x", count: 3_000) }])
    let harness = try await Harness.ready(server)
    try server.cli("CONFIG", "SET", "client-output-buffer-limit", "normal 250000 0 0")
    let failure = try await harness.failure(.open("l", pageLength: 200))
    #expect(failure.kind == .connection)
    var counts: [Int] = []
    #expect(
      await eventually {
        _ = await harness.store.answer(.reconnect)
        guard case .opened(let opened) = await harness.store.answer(.open("l", pageLength: 200)),
          case .list(let page)? = opened.page
        else { return false }
        counts.append(page.elements.count)
        return true
      })
    #expect([100, 50, 25].contains(counts.last ?? 0), "\(counts)")
    #expect(harness.losses.contains { $0.why.contains("output-buffer limit") || $0.why.contains("middle of a reply") })
    // Read again from its beginning it is asked for whole.
    try server.cli("CONFIG", "SET", "client-output-buffer-limit", "normal 0 0 0")
    _ = await harness.store.answer(.rescan)
    guard case .list(let page)? = try await harness.opened("l", pageLength: 200).page else {
      throw TestFailure("no list")
    }
    #expect(page.elements.count == 200)
  }

  @Test("one loss halves once, however much was on its way or is asked for until it is made good")
  func oneLossHalvesOnce() async throws {
    let server = try TestServer()
    try server.pipeline([["RPUSH", "l"] + (0..<200).map { "\($0)" }])
    let proxy = try FaultProxy(to: .unix(server.socketPath))
    let harness = try await Harness.ready(server, through: proxy)
    try server.cli("CONFIG", "RESETSTAT")
    proxy.set(.toClient) { $0.swallows = true }
    let reads = (0..<8).map { _ in Task { await harness.store.answer(.open("l", pageLength: 200)) } }
    #expect(await eventually { (try? server.cli("INFO", "commandstats"))?.contains("_type:calls=8,") == true })
    proxy.closeConnections()
    for read in reads {
      guard case .failed(let failure) = await read.value else { throw TestFailure("not failed") }
      #expect(failure.kind == .connection)
    }
    // Nor is what was never sent about its size.
    for _ in 0..<8 { #expect(try await harness.failure(.open("l", pageLength: 200)).kind == .connection) }
    // In this order: a connection that is good already must not be lost as well.
    proxy.closeConnections()
    proxy.heal()
    _ = await harness.store.answer(.reconnect)
    #expect(await harness.isBack)
    guard case .list(let page)? = try await harness.opened("l", pageLength: 200).page else {
      throw TestFailure("no list")
    }
    #expect(page.elements.count == 100)
  }

  @Test("fault 35: a server that closes what is idle is understood")
  func idleTimeout() async throws {
    let server = try TestServer()
    let harness = try await Harness.ready(server)
    try server.cli("CONFIG", "SET", "timeout", "1")
    #expect(await eventually { harness.losses.contains { $0.why.contains("idle timeout") } }, "\(harness.losses)")
    #expect(await harness.isBack)
    #expect(harness.reconnections.first?.isSame == true)
  }
}
