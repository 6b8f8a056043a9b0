import Glibc
import Keyspace
import PrivateServer
import RedisClient
import Requests
import Store
import Synchronization
import TestSupport
import Testing
import Values

/// The connection is lost and made again: by whom, with what, and what is said of who answers then.
@Suite("Reconnecting", .serialized) struct ReconnectTests {
  // MARK: - Who answers

  @Test("fault 3: a server that was restarted is told from another one, with its keys")
  func restarted() async throws {
    let server = try TestServer()
    try server.populate(10)
    let harness = try await Harness.ready(server)
    try server.restart()
    #expect(await harness.isBack)
    #expect(harness.reconnections.first?.server == .restarted)
    #expect(harness.reconnections.first?.keys == 0)
    // What is said comes before the connection counts as back.
    let notices = harness.notices
    let said = notices.firstIndex { if case .reconnected = $0 { true } else { false } } ?? .max
    let back = notices.lastIndex(of: .link(.connected)) ?? 0
    #expect(said < back)
  }

  @Test func theSameServerIsToldToBeTheSame() async throws {
    let server = try TestServer()
    try server.populate(10)
    let harness = try await Harness.ready(server)
    try server.cli("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    #expect(await harness.isBack)
    #expect(harness.reconnections == [harness.reconnections.first].compactMap(\.self))
    #expect(harness.reconnections.first?.isSame == true)
    #expect(harness.reconnections.first?.keys == 10)
    #expect(!harness.isServerReplaced)
  }

  /// It ran while the other one did: so it was never that one.
  @Test func anotherServerBehindTheSameAddress() async throws {
    let (server, other) = (try TestServer(), try TestServer())
    try other.populate(3)
    func uptime() throws -> Int {
      try other.cli("INFO", "server").firstMatch(of: /uptime_in_seconds:(\d+)/).flatMap { Int($0.1) } ?? 0
    }
    let folder = try TestFolder.make()
    defer { TestFolder.remove(folder) }
    let path = "\(folder)/either"
    try #require(symlink(server.socketPath, path) == 0)
    let proxy = try FaultProxy(to: .unix(path))
    let harness = try await Harness.ready(server, through: proxy)
    #expect(await eventually { (try? uptime()) ?? 0 >= 4 })
    _ = await harness.store.answer(.serverFacts)
    try #require(unlink(path) == 0 && symlink(other.socketPath, path) == 0)
    proxy.closeConnections()
    #expect(await harness.isBack)
    #expect(harness.reconnections.first?.server == .another)
    #expect(harness.reconnections.first?.keys == 3)
  }

  /// One connection alone is lost and finds another server there: the others, which still lead to the first, follow.
  @Test func noConnectionStaysOnTheServerFromBefore() async throws {
    let (server, other) = (try TestServer(), try TestServer())
    try server.populate(5)
    try other.populate(3)
    let folder = try TestFolder.make()
    defer { TestFolder.remove(folder) }
    let path = "\(folder)/either"
    try #require(symlink(server.socketPath, path) == 0)
    let proxy = try FaultProxy(to: .unix(path))
    let harness = try await Harness.ready(server, through: proxy)
    try #require(unlink(path) == 0 && symlink(other.socketPath, path) == 0)
    try server.cli("CLIENT", "KILL", "ID", try #require(server.clients(named: "keyglass-rows").first))
    #expect(await harness.isBack)
    #expect(await eventually { (try? other.clients(named: "keyglass-sweep").count) == 1 })
    // The server hears of it a moment later.
    #expect(await eventually { (try? server.clients(named: "keyglass-sweep").isEmpty) == true })
    #expect(await harness.store.answer(.rescan).isDone)
    #expect(await eventually { (try? await harness.names().count) == 3 })
  }

  @Test func whoMayNotAskSaysThatItCannotBeChecked() async throws {
    let server = try TestServer.withUser("+@all", "-info")
    let harness = try await Harness.ready(server, user: "limited")
    try server.cli("CLIENT", "KILL", "USER", "limited")
    #expect(await harness.isBack)
    guard case .unknown(let why)? = harness.reconnections.first?.server else {
      Issue.record("\(harness.reconnections)")
      return
    }
    #expect(why == "this user may not run INFO: ask for +info")
    #expect(harness.isServerReplaced)
  }

  @Test("fault 29: a replica that was made the primary says so")
  func roleChanged() async throws {
    let primary = try TestServer(tcp: true)
    let replica = try TestServer(["--replicaof", "127.0.0.1 \(try #require(primary.port))"], tcp: true)
    try primary.cli("SET", "k", "1")
    #expect(await eventually { (try? replica.cli("GET", "k")) == "1" })
    let harness = try await Harness.ready(replica)
    try replica.cli("REPLICAOF", "NO", "ONE")
    try replica.cli("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    #expect(await harness.isBack)
    #expect(harness.reconnections.first?.server == .same)
    #expect(harness.reconnections.first?.role == "master")
    harness.forgetNotices()
    try replica.cli("REPLICAOF", "127.0.0.1", String(try #require(primary.port)))
    try replica.cli("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    #expect(await harness.isBack)
    #expect(harness.reconnections.last?.role == "slave")
    #expect(harness.reconnections.last?.primary == "127.0.0.1:\(try #require(primary.port))")
  }

  // MARK: - With what

  /// Whatever the state of the connection was, it is that again before anything of anybody's goes out.
  @Test("the greeting of each connection comes before everything else", arguments: bothProtocols)
  func greetingFirst(version: Endpoint.ProtocolPreference) async throws {
    let server = try TestServer()
    try server.cli(["SET", "k", "1"], database: 9)
    let proxy = try FaultProxy(to: .unix(server.socketPath))
    let harness = try await Harness(server, database: 9, version: version, through: proxy)
    try await harness.scan(9)
    #expect(await eventually { await harness.store.isGreeted })
    // What each new connection sends, piece by piece.
    let sent = Mutex<[[String]]>([])
    proxy.set(.toServer) {
      $0.onPiece = { piece, number in
        let text = String(decoding: piece, as: UTF8.self)
        sent.withLock { sent in
          if number == 0 { sent.append([text]) } else if !sent.isEmpty { sent[sent.count - 1].append(text) }
        }
        return nil
      }
    }
    // Only the one for rows, so that pieces of two do not mix.
    for _ in 0..<5 {
      harness.forgetNotices()
      sent.withLock { $0 = [] }
      let asking = Task {
        while !Task.isCancelled { _ = await harness.store.answer(.facts(["k"])) }
      }
      try server.cli("CLIENT", "KILL", "ID", try #require(server.clients(named: "keyglass-rows").first))
      #expect(await harness.isBack)
      asking.cancel()
      _ = await asking.value
      let pieces = try #require(sent.withLock { $0.first })
      let greeting = pieces.prefix(version == .resp2 ? 1 : 2).joined()
      #expect(greeting.contains("SELECT\r\n$1\r\n9"), "\(pieces)")
      #expect(greeting.contains("SETNAME\r\n$13\r\nkeyglass-rows"))
      #expect(greeting.contains("NO-TOUCH"))
      #expect(greeting.contains("TRACKING") == (version != .resp2))
      #expect(!greeting.contains("PEXPIRETIME") && !greeting.contains("INFO"))
      // Then who it is, then what was asked; between them it may be asked whether it is there.
      let next = pieces.dropFirst(version == .resp2 ? 1 : 2).first { !$0.contains("PING") }
      #expect(next == "*1\r\n$4\r\nINFO\r\n", "\(pieces)")
    }
    #expect(try await harness.names() == ["k"])
  }

  // MARK: - How often

  /// Every connection is lost at once, and one of them finds out when the server is back.
  @Test("fault 11: while the server is away only one connection tries")
  func onlyOneTries() async throws {
    let server = try TestServer()
    let proxy = try FaultProxy(to: .unix(server.socketPath))
    let harness = try await Harness.ready(server, through: proxy)
    guard case .done = await harness.store.answer(.follow(prefix: [])) else { throw TestFailure("not followed") }
    let edit = Edit(
      key: "k", change: .string(from: nil, to: bytes("v")), presence: .absent(.string, .never), database: 0, session: 1)
    guard case .written(let report) = await harness.store.answer(.write(WriteJob(id: 1, edits: [edit]))),
      report.items.first?.outcome.isDone == true
    else { throw TestFailure("not written") }
    #expect(proxy.openCount == 4)
    harness.forgetNotices()
    let before = proxy.acceptedCount
    try server.kill9()
    // The proxy accepts, and closes because nobody is behind it.
    #expect(await eventually { harness.losses.count >= 5 })
    // One may have begun that has not failed yet.
    let (attempts, losses) = (proxy.acceptedCount - before, harness.losses.count)
    #expect(attempts <= losses + 1, "\(attempts) attempts, \(losses) losses")
    try server.restart()
    _ = await harness.store.answer(.reconnect)
    #expect(await harness.isBack)
    // The others follow.
    #expect(await eventually { proxy.openCount == 4 })
    #expect(
      await eventually { harness.notices.contains { if case .follow(.on) = $0 { true } else { false } } })
  }

  @Test("fault 1: the reason is exact, and the time of the next attempt is told")
  func killed() async throws {
    let server = try TestServer()
    let harness = try await Harness.ready(server)
    try server.kill9()
    #expect(
      await eventually { harness.losses.contains { $0.what.hasPrefix("cannot connect to \(server.socketPath)") } })
    let first = try #require(harness.losses.first)
    #expect(first.what == "connection lost" && first.why.hasPrefix("the server closed it ("), "\(first)")
    #expect(harness.losses.allSatisfy { $0.retryAt != nil })
  }

  @Test("fault 15: a user who is deleted is logged out by the server, as far as one can tell")
  func deletedUser() async throws {
    let server = try TestServer.withUser("+@all")
    let harness = try await Harness.ready(server, user: "limited")
    try server.cli("ACL", "DELUSER", "limited")
    #expect(await eventually { harness.losses.last?.what == "logged out by the server?" }, "\(harness.losses)")
    #expect(harness.losses.last?.retryAt == nil)
    #expect(harness.losses.first?.why.hasPrefix("the server closed it") == true)
    let count = harness.losses.count
    try server.cli("ACL", "SETUSER", "limited", "on", ">pw", "~*", "+@all")
    // Only the user has a refused password tried again.
    let answer = await harness.store.answer(.login(nil))
    guard case .loggedIn = answer else { throw TestFailure("\(answer)") }
    #expect(await harness.isBack)
    #expect(harness.losses.count == count)
    // The others are back too.
    #expect(await harness.store.answer(.rescan).isDone)
    #expect(await eventually { (try? server.clients(named: "keyglass-sweep").count) == 1 })
  }

  // MARK: - Nobody there

  @Test("fault 9: a network that swallows everything is found out, idle or not", arguments: [true, false])
  func blackHole(isIdle: Bool) async throws {
    let server = try TestServer()
    try server.cli("SET", "k", "v")
    let proxy = try FaultProxy(to: .unix(server.socketPath))
    let harness = try await Harness.ready(server, through: proxy, keepAlive: .milliseconds(500))
    let before = proxy.acceptedCount
    proxy.set(.toServer) { $0.swallows = true }
    proxy.set(.toClient) { $0.swallows = true }
    let asked = isIdle ? nil : Task { await harness.store.answer(.facts(["k"])) }
    #expect(await eventually { !harness.losses.isEmpty })
    #expect(harness.losses.first?.what == "no answer", "\(harness.losses)")
    proxy.heal()
    if case .failed(let failure)? = await asked?.value { #expect(failure.kind == .connection) }
    _ = await harness.store.answer(.reconnect)
    #expect(await harness.isBack)
    #expect(proxy.acceptedCount > before, "a new socket")
    #expect(try await harness.opened("k").page != nil)
    // What was idle and led the same way was given up with it.
    #expect(await eventually { proxy.openCount == 2 })
  }

  @Test("fault 4: a stopped server is given up by the user, and its late answers are nobody's")
  func givingUp() async throws {
    let server = try TestServer()
    try server.pipeline([["SET", "k", "1"], ["SET", "l", "2"]])
    let harness = try await Harness.ready(server)
    try server.pause()
    let asked = Task { await harness.store.answer(.open("k", pageLength: 10)) }
    try await Task.sleep(for: .milliseconds(50))
    #expect(await harness.store.answer(.giveUp).isDone)
    guard case .failed(let failure) = await asked.value else { throw TestFailure("another answer") }
    #expect(failure.kind == .superseded)
    #expect(await eventually { !harness.losses.isEmpty })
    try server.resume()
    #expect(await harness.isBack)
    for _ in 0..<20 {
      guard case .string(let page)? = try await harness.opened("l").page else { throw TestFailure("no string") }
      #expect(page.bytes == bytes("2"))
    }
  }
}
