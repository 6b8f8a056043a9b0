import Keyspace
import PrivateServer
import RedisClient
import Requests
import Store
import Synchronization
import TestSupport
import Testing
import Values

/// Fault 14 of the table, on real servers: the connections that there are go on, the next one is refused.
@Suite("Logging in again", .timeLimit(.minutes(2))) struct LoginTests {
  /// Counts how often a password was asked for.
  private final class Vault: Sendable {
    private let state: Mutex<(answer: Result<[UInt8], Credentials.SourceFailure>, asked: Int)>

    init(_ password: String) { state = Mutex((.success(Array(password.utf8)), 0)) }
    init(failure: String) { state = Mutex((.failure(Credentials.SourceFailure(failure)), 0)) }

    var asked: Int { state.withLock { $0.asked } }
    func set(_ password: String) { state.withLock { $0.answer = .success(Array(password.utf8)) } }
    var source: Credentials.Source {
      {
        self.state.withLock {
          $0.asked += 1
          return $0.answer
        }
      }
    }
  }

  private static let firstPassword = "PW_one"

  /// A server with a password and a key, and a store that has scanned it.
  private func begin(_ vault: Vault?) async throws -> Harness {
    let server = try TestServer(["--requirepass", Self.firstPassword])
    try server.pipeline([["AUTH", Self.firstPassword], ["SET", "k", "v"]])
    let harness = try await Harness(server, password: Self.firstPassword, passwordSource: vault?.source)
    try await harness.scan()
    return harness
  }

  /// The password becomes another; what is connected stays so until it is killed.
  private func rotate(_ server: TestServer, to password: String, from old: String = Self.firstPassword) throws {
    try server.pipeline([["AUTH", old], ["CONFIG", "SET", "requirepass", password], ["CONFIG", "RESETSTAT"]])
  }

  private func killClients(_ server: TestServer, password: String) throws {
    try server.pipeline([["AUTH", password], ["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"]])
  }

  /// How many logins the server has refused since its password became another.
  private func refusals(_ server: TestServer, password: String) throws -> Int {
    let stats = try server.pipeline([["AUTH", password], ["INFO", "commandstats"]]).last?.text ?? ""
    return stats.firstMatch(of: /cmdstat_hello:.*failed_calls=(\d+)/).flatMap { Int($0.1) } ?? 0
  }

  private func isRefused(_ harness: Harness) -> Bool { !whys(harness).isEmpty }

  private func whys(_ harness: Harness) -> [String] {
    harness.notices.compactMap { if case .loginRefused(let why) = $0 { why } else { nil } }
  }

  @Test("fault 14: a rotated password: what is connected goes on, then the source is asked once")
  func fromTheSource() async throws {
    let vault = Vault("PW_two")
    let harness = try await begin(vault)
    try rotate(harness.server, to: "PW_two")
    #expect(try await harness.opened("k").page != nil, "old connections still work")
    #expect(vault.asked == 0)
    harness.forgetNotices()
    try killClients(harness.server, password: "PW_two")
    #expect(await eventually { harness.linkStates.contains { if case .lost = $0 { true } else { false } } })
    #expect(await eventually { harness.linkStates.last == .connected })
    #expect(await eventually { (try? await harness.opened("k").page) != nil })
    #expect(vault.asked == 1)
    #expect(try refusals(harness.server, password: "PW_two") == 1, "one attempt with the old one, over all connections")
    #expect(!isRefused(harness))
    // The next rotation is another one.
    vault.set("PW_three")
    try rotate(harness.server, to: "PW_three", from: "PW_two")
    try killClients(harness.server, password: "PW_three")
    #expect(await eventually { vault.asked == 2 && harness.linkStates.last == .connected })
    #expect(try refusals(harness.server, password: "PW_three") == 1)
    await harness.store.shutdown()
  }

  @Test("fault 14: without a source the user is asked at once, and nothing is tried before the answer")
  func fromTheUser() async throws {
    let harness = try await begin(nil)
    let store = harness.store
    try rotate(harness.server, to: "PW_two")
    try killClients(harness.server, password: "PW_two")
    #expect(await eventually { isRefused(harness) })
    for _ in 0..<5 { _ = await store.answer(.reconnect) }
    #expect(try refusals(harness.server, password: "PW_two") == 1, "no retry storm")
    #expect(whys(harness) == ["the server does not accept this user and password"])

    let wrong = try await harness.failure(.login(Secret(Array("PW_wrong".utf8))))
    #expect(wrong.kind == .connection && String(decoding: wrong.why, as: UTF8.self).contains("does not accept"))
    #expect(!"\(wrong)".contains("PW_"))
    #expect(try refusals(harness.server, password: "PW_two") == 2, "one attempt for each that was typed")
    #expect(await eventually { whys(harness).count == 2 })

    harness.forgetNotices()
    guard case .loggedIn = await store.answer(.login(Secret(Array("PW_two".utf8)))) else {
      Issue.record("not logged in")
      return
    }
    #expect(await eventually { harness.linkStates.last == .connected })
    #expect(await eventually { (try? await harness.opened("k").page) != nil })
    #expect(try await harness.scanAgain().keys == 1)
    #expect(try refusals(harness.server, password: "PW_two") == 2)
    #expect(try await harness.hasNoTrace(of: "PW_"))
    await store.shutdown()
  }

  @Test("a source that tells the same, or fails, is asked once; then it is for the user, who may have it asked again")
  func sourceWithoutNews() async throws {
    for vault in [Vault(Self.firstPassword), Vault(failure: "password-command 'pass': it ended with status 3")] {
      let harness = try await begin(vault)
      try rotate(harness.server, to: "PW_two")
      try killClients(harness.server, password: "PW_two")
      #expect(await eventually { isRefused(harness) })
      #expect(vault.asked == 1)
      #expect(try refusals(harness.server, password: "PW_two") == 1)
      let why = try #require(whys(harness).first)
      #expect(why.hasPrefix("the server does not accept this user and password"))
      let isTold = why.hasSuffix("; password-command 'pass': it ended with status 3")
      #expect(isTold || why == "the server does not accept this user and password")
      vault.set("PW_two")
      guard case .loggedIn = await harness.store.answer(.login(nil)) else {
        Issue.record("not logged in")
        return
      }
      #expect(vault.asked == 2)
      #expect(await eventually { harness.linkStates.last == .connected })
      await harness.store.shutdown()
    }
  }

  @Test("a connection that is first made after the rotation logs in anew too: writes, following, the console")
  func laterConnections() async throws {
    let vault = Vault("PW_two")
    let harness = try await begin(vault)
    try rotate(harness.server, to: "PW_two")
    guard case .done = await harness.store.answer(.follow(prefix: [])) else {
      Issue.record("not following")
      return
    }
    #expect(vault.asked == 1)
    #expect(try refusals(harness.server, password: "PW_two") == 1)
    #expect(!isRefused(harness) && harness.linkStates.last == .connected)
    await harness.store.shutdown()
  }

  @Test("a password where there was none")
  func firstPassword() async throws {
    let server = try TestServer()
    let harness = try await Harness(server)
    try await harness.scan()
    try server.pipeline([["CONFIG", "SET", "requirepass", "PW_new"]])
    try killClients(server, password: "PW_new")
    #expect(await eventually { whys(harness) == ["the server asks for a password"] })
    guard case .loggedIn = await harness.store.answer(.login(Secret(Array("PW_new".utf8)))) else {
      Issue.record("not logged in")
      return
    }
    #expect(await eventually { harness.linkStates.last == .connected })
    await harness.store.shutdown()
  }

  @Test("a connection that the server has logged out is left, and the next one logs in")
  func loggedOut() async throws {
    let isOut = Mutex(false)
    let harness = try await FakeHarness { command in
      if command.first == "HELLO" { isOut.withLock { $0 = false } }
      if isOut.withLock({ $0 }) { return "-NOAUTH Authentication required.\r\n" }
      return switch command.first {
      case "HELLO": "%2\r\n$5\r\nproto\r\n:3\r\n$7\r\nversion\r\n$5\r\n7.4.0\r\n"
      case "DBSIZE": ":7\r\n"
      default: nil
      }
    }
    // Both connections are through with their greetings: one that is refused in it asks for a password.
    _ = await harness.store.answer(.databases)
    _ = await harness.store.answer(.open("k", pageLength: 1))
    let greetings = harness.asked("HELLO").count
    isOut.withLock { $0 = true }
    // What the new connection says at once may be the answer already.
    _ = await harness.store.answer(.databases)
    #expect(await eventually { harness.asked("HELLO").count > greetings })
    #expect(await eventually { if case .databases = await harness.store.answer(.databases) { true } else { false } })
    await harness.store.shutdown()
  }
}

extension Harness {
  fileprivate func scanAgain() async throws -> ScanProgress {
    forgetNotices()
    _ = await store.answer(.rescan)
    return try await scanEnd()
  }

  /// Nothing that the store keeps or tells holds this text.
  fileprivate func hasNoTrace(of text: String) async throws -> Bool {
    guard case .log(let entries) = await store.answer(.log) else { return false }
    let words = entries.flatMap { $0.words + $0.carried.flatMap(\.self) }.map { String(decoding: $0, as: UTF8.self) }
    var dumped = ""
    dump(Request.login(Secret(Array(text.utf8))), to: &dumped)
    return (words + ["\(notices)", dumped, "\(Secret(Array(text.utf8)))"]).allSatisfy { !$0.contains(text) }
  }
}
