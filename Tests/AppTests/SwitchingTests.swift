import Canvas
import Foundation
import RedisClient
import Requests
import Settings
import Store
import Synchronization
import Terminal
import TestSupport
import Testing

@testable import App
@testable import Browser

/// From one server to another, with real ones: the program but for its command line.
@Suite("Switching servers", .serialized) final class SwitchingTests {
  private let folder: String
  private let first: TestServer
  private let second: TestServer
  private var state: String { "\(folder)/keyglass" }

  init() throws {
    folder = try TestFolder.make()
    first = try TestServer()
    second = try TestServer(["--requirepass", Self.password])
    try first.pipeline([["SET", "apple", "1"], ["SET", "pear", "2"]])
    try second.pipeline([["AUTH", Self.password], ["SET", "lemon", "3"], ["SET", "lime", "4"]])
  }

  deinit { TestFolder.remove(folder) }

  private static let password = "PW_7f3a91c2"

  private struct Played: Sendable {
    var printed: String
    var error: ErrorLine?
  }

  private static func profile(_ name: String, _ socket: String, _ stage: DeploymentStage? = nil) -> Profile {
    var profile = Profile(name: name)
    profile.socket = socket
    profile.stage = stage
    return profile
  }

  private func rules(_ profiles: [Profile], isTyped: Bool = true) -> KnownServers.Rules {
    var rules = KnownServers.Rules()
    rules.profiles = profiles
    rules.recents = RecentServers(in: state, isKept: isTyped)
    rules.historyFolder = state
    rules.store.connectTimeout = .seconds(2)
    return rules
  }

  /// Starts on this server and plays a script; `act` gets the lines `redis NAME` of it.
  private func play(
    _ script: String, on place: ServerPlace, _ rules: KnownServers.Rules,
    acting act: @escaping @Sendable (String) throws -> String = { _ in "" }
  ) async throws -> Played {
    let lines = try ScriptParser.parse(script)
    let known = KnownServers(rules)
    let connected = try await known.connect(to: place, password: nil).get()
    return await onThread {
      let thread: FirstThread
      do { thread = try FirstThread() } catch { fatalError("\(error)") }
      var setup = Setup(endpointName: "", previewDelay: nil)
      setup.enter(connected.setup)
      let ui = UI(
        thread: thread,
        state: State(
          setup: setup, size: Size(width: 100, height: 30), monotonic: Clocks.monotonic, wall: Clocks.wall),
        glyphs: .unicode, isDriven: true, trace: nil, servers: known)
      ui.assumeIsolated { $0.begin(connected.session) }
      let printed = Mutex("")
      let player = ScriptPlayer(
        ui: ui,
        send: { (arguments, _) async in
          let words = arguments.map { String(decoding: $0, as: UTF8.self) }
          do {
            return ScriptReply(text: try act(words.joined(separator: " ")), isError: false)
          } catch {
            return ScriptReply(text: "\(error)", isError: true)
          }
        },
        print: { text in printed.withLock { $0 += text } })
      let result = Handover<ErrorLine?>()
      Task {
        do throws(ErrorLine) {
          try await player.play(lines, name: "test.keys")
          result.set(nil)
        } catch {
          result.set(error)
        }
        await ui.stop()
      }
      thread.run(watching: nil) { ui.assumeIsolated { $0.turn() } }
      if let session = ui.assumeIsolated({ $0.session }) { Connecting.finish(session.end) }
      return Played(printed: printed.withLock { $0 }, error: result.wait() ?? nil)
    }
  }

  /// Connections that are open to the first server, by the names that Keyglass gives them.
  private func connections(to server: TestServer) throws -> Int {
    try server.cli("CLIENT", "LIST").split(separator: "\n").count { $0.contains("name=keyglass") }
  }

  @Test("C and Enter: the other server's keys, its name and its filter, and nothing of the first") func goes()
    async throws
  {
    var other = Self.profile("other", second.socketPath, .staging)
    other.passwordCommand = ["/bin/echo", Self.password]
    other.pattern = "l*"
    let played = try await play(
      """
      wait-idle
      expect apple
      key C
      wait-for @other
      key j
      expect ▌.*@other
      key Enter
      wait-for connected to @other
      wait-idle
      expect lemon
      expect lime
      expect-not apple
      expect ^ other /tmp
      key Enter
      wait-idle
      key C
      wait-idle
      expect ▌● @other.*just now
      expect @first.*just now
      key Escape
      key :
      type GET lime
      key Enter
      wait-for "4"
      """, on: .profile("first"), rules([Self.profile("first", first.socketPath), other]))
    #expect(played.error == nil, "\(played.error?.text ?? "") \(played.printed)")
    // The old connections have ended.
    #expect(try Eventually.until { try connections(to: first) == 0 })
    let recents = RecentServers(in: state)
    #expect(Eventually.until { recents.load().map(\.place) == [.profile("other"), .profile("first")] })
    let history = HistoryFile(in: state, server: Endpoint(address: .unix(path: second.socketPath)).display)
    #expect(history.load() == ["GET lime"])
  }

  @Test("a password that is typed for it is used, remembered in this run alone, and written nowhere")
  func typedPassword() async throws {
    let profiles = [Self.profile("first", first.socketPath), Self.profile("second", second.socketPath)]
    let played = try await play(
      """
      wait-idle
      key C
      wait-for @second
      key j Enter
      wait-for password:
      type \(Self.password)x
      expect-not \(Self.password)
      key Enter
      wait-for did not accept that one
      type \(Self.password)
      dump
      key Enter
      wait-for connected to @second
      wait-idle
      expect lemon
      key C
      wait-idle
      key j
      expect ▌.*@first
      key Enter
      wait-for connected to @first
      wait-idle
      expect apple
      key C
      wait-idle
      key j
      expect ▌.*@second
      key Enter
      wait-for connected to @second
      wait-idle
      expect lemon
      key @
      wait-idle
      dump
      """, on: .profile("first"), rules(profiles))
    #expect(played.error == nil, "\(played.error?.text ?? "") \(played.printed)")
    #expect(!played.printed.contains(Self.password))
    #expect(Eventually.until { RecentServers(in: state).load().count == 2 })
    let files = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
    #expect(files.contains("keyglass/servers"))
    for file in files {
      guard let data = FileManager.default.contents(atPath: "\(folder)/\(file)") else { continue }
      #expect(!String(decoding: data, as: UTF8.self).contains(Self.password), "\(file)")
    }
  }

  @Test("it cannot be reached: the message on the screen, and the first server goes on") func fails() async throws {
    let profiles = [Self.profile("first", first.socketPath), Self.profile("gone", "/tmp/kgtest-nowhere/s")]
    let first = first
    let played = try await play(
      """
      wait-idle
      key C
      wait-for @gone
      key j Enter
      wait-for no such socket. Check the path
      key Escape
      redis SET plum
      key R
      wait-for all 3 keys
      wait-for plum
      """, on: .profile("first"), rules(profiles)
    ) { _ in try first.cli("SET", "plum", "5") }
    #expect(played.error == nil, "\(played.error?.text ?? "") \(played.printed)")
  }

  @Test("answers of the first server that come late land nowhere") func lateAnswers() async throws {
    let profiles = [Self.profile("first", first.socketPath), Self.profile("third", try third().socketPath)]
    let first = first
    let played = try await play(
      """
      wait-idle
      expect apple
      redis PAUSE
      key Enter
      key R
      key C
      wait-for @third
      key j Enter
      wait-for connected to @third
      redis RESUME
      wait-idle
      expect all 1 key
      expect melon
      expect-not apple|pear|STALE
      key j Enter
      wait-idle
      expect-not apple|pear|STALE
      """, on: .profile("first"), rules(profiles)
    ) { words in
      if words == "PAUSE" { try first.pause() } else { try first.resume() }
      return "OK"
    }
    try? first.resume()
    #expect(played.error == nil, "\(played.error?.text ?? "") \(played.printed)")
  }

  /// One more server, with one key.
  private func third() throws -> TestServer {
    let server = try TestServer()
    try server.cli("SET", "melon", "1")
    others.append(server)
    return server
  }

  private var others: [TestServer] = []

  @Test("testing a server changes nothing there, and is not remembered") func tests() async throws {
    let third = try third()
    try third.cli("CONFIG", "RESETSTAT")
    let known = KnownServers(
      rules([
        Self.profile("first", first.socketPath), Self.profile("second", second.socketPath),
        Self.profile("third", third.socketPath), Self.profile("gone", "/tmp/kgtest-nowhere/s"),
      ]))
    guard case .reached(let greeting) = await known.test(.profile("third")) else {
      Issue.record("not reached")
      return
    }
    #expect(greeting.product == "redis")
    #expect(greeting.role == "master")
    #expect(greeting.version.contains("."))
    #expect(await known.test(.profile("second")) == .wantsPassword)
    guard case .failed(let why, let message) = await known.test(.profile("gone")) else {
      Issue.record("reached")
      return
    }
    #expect(why == "no such socket")
    #expect(message.contains("Check the path"))
    let calls = Set(
      try third.cli("INFO", "commandstats").split(whereSeparator: \.isNewline).filter { $0.hasPrefix("cmdstat_") }
        .compactMap { $0.dropFirst("cmdstat_".count).split(separator: ":").first.map { String($0) } })
    #expect(
      calls.isSubset(of: ["hello", "ping", "client|setname", "client|no-touch", "info", "config|resetstat"]), "\(calls)"
    )
    #expect(RecentServers(in: state).load().isEmpty)
    #expect(known.list().map(\.place) == [.profile("first"), .profile("second"), .profile("third"), .profile("gone")])
  }

  @Test("an address that a profile calls production is locked, under the profile's name") func productionByAddress() {
    let known = KnownServers(rules([Self.profile("prod", "/run/p.sock", .prod)]))
    let endpoint = Endpoint(address: .unix(path: "/run/p.sock"), database: 5)
    let setup = known.setup(of: .address("/run/p.sock", database: 5, user: nil, usesTLS: false), endpoint)
    #expect(setup.stage == .prod)
    #expect(setup.profile == "prod")
  }

  @Test("a recent server that a profile names is listed once, under its name") func listedOnce() {
    let rules = rules([Self.profile("p", "/run/p.sock")])
    rules.recents?.note(.address("/run/p.sock", database: 0, user: nil, usesTLS: false), at: 5)
    rules.recents?.note(.address("/run/p.sock", database: 1, user: nil, usesTLS: false), at: 6)
    rules.recents?.note(.profile("removed"), at: 7)
    let entries = KnownServers(rules).list()
    #expect(entries.map(\.database) == [1, 0])
    #expect(entries.last?.place == .profile("p"))
    #expect(entries.first?.commandLine == "keyglass -s /run/p.sock -n 1")
  }

  /// Every key that writes, on a production server.
  @Test("production: locked, not one write arrives; unlocked by its name they do; locked again not") func production()
    async throws
  {
    let first = first
    try first.pipeline([["HSET", "hash", "f", "v"], ["CONFIG", "RESETSTAT"]])
    let played = try await play(
      """
      wait-idle
      expect ^ prod-cache .*\\[RO\\]
      key O
      type hash
      key Enter
      wait-idle
      key e
      wait-for L unlocks it
      key d a t r c u U =
      key Tab
      key d t a r c E Space *
      expect-not \\[Save\\]|\\[Delete\\]|will run
      key :
      type DEL apple
      key Enter
      wait-for not sent: .*production, and locked
      expect ^ prod-cache db0>
      key C-u
      type FLUSHALL
      key Enter
      wait-for (?s)FLUSHALL.*not sent: .*production, and locked
      key C-u Escape
      redis CHECK
      key L
      wait-for type prod-cache to confirm
      type prod-cache
      key Enter
      wait-for \\[UNLOCKED 15m\\]
      expect-not \\[RO\\]
      key :
      type SET apple 7
      key Enter
      wait-for OK
      type FLUSHALL
      key Enter
      wait-for db0 holds [0-9]+ keys
      wait-for type prod-cache to confirm
      key Escape
      wait-for not sent: cancelled
      key C-u Escape
      key L
      wait-for \\[RO\\]
      key :
      type SET apple 8
      key Enter
      wait-for (?s)SET apple 8.*not sent: .*production, and locked
      """, on: .profile("prod-cache"), rules([Self.profile("prod-cache", first.socketPath, .prod)])
    ) { _ in
      let statistics = try first.cli("INFO", "commandstats")
      for write in ["del", "flushall", "hset", "expire", "pexpire", "unlink", "eval", "evalsha", "multi", "rename"]
      where statistics.contains("cmdstat_\(write):") {
        throw TestFailure("\(write) arrived")
      }
      return "OK"
    }
    #expect(played.error == nil, "\(played.error?.text ?? "") \(played.printed)")
    #expect(try first.cli("GET", "apple") == "7")
    #expect(try first.cli("DBSIZE") == "3")
  }

  @Test("--read-only holds everywhere, whatever the profile says") func readOnlyEverywhere() async throws {
    var rules = rules([Self.profile("prod-cache", first.socketPath, .prod)])
    rules.readOnlyReason = "started with --read-only"
    let played = try await play(
      """
      wait-idle
      expect \\[RO\\]
      key L
      wait-for nothing unlocks it
      key :
      type SET apple 8
      key Enter
      wait-for not sent: read-only mode
      """, on: .profile("prod-cache"), rules)
    #expect(played.error == nil, "\(played.error?.text ?? "") \(played.printed)")
    #expect(try first.cli("GET", "apple") == "1")
  }
}
