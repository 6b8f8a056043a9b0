import Canvas
import Keyspace
import Requests
import TestSupport
import Testing
import Values

@testable import Browser

@Suite("The screen of the server")
struct ServerScreenTests {
  @Test("S opens and closes it, and so do q and Esc; the keys are where they were")
  func opens() {
    for key in [Key.character("S"), .character("q"), .escape] {
      var harness = Harness.server()
      #expect(harness.text.contains("[Overview]") && !harness.text.contains("╭─ Keys"))
      harness.press(key)
      #expect(!harness.state.isServerShown && harness.text.contains("╭─ Keys"))
    }
  }

  @Test("It opens over the value and the monitor, which are there again afterwards")
  func opensOverOthers() {
    var harness = Harness.server()
    harness.press(.escape, .character("T"))
    harness.tellDeadlines([("a", nil), ("b", nil)])
    harness.press(.character("S"))
    #expect(harness.text.contains("[Overview]") && !harness.text.contains("Expiring next"))
    harness.press(.character("S"))
    #expect(harness.text.contains("Expiring next"))
    harness.press(.character("T"), .enter)
    harness.press(.character("S"))
    #expect(harness.text.contains("[Overview]"))
    harness.press(.character("q"))
    #expect(harness.state.focus == .value)
  }

  @Test("Nothing but the header's INFO is asked while it is open, and no list before it is shown")
  func isLight() {
    var harness = Harness.server()
    for second in 90..<100 { harness.tellServer(second: second) }
    harness.send(.changed("a"))
    harness.advance(70_000)
    let asked = harness.effects.compactMap { if case .request(let purpose, _, _) = $0 { purpose } else { nil } }
    #expect(Set(asked) == [.header])
    #expect(asked.count <= 12)
    harness.forgetEffects()
    harness.press(.tab)
    #expect(harness.requests(.clients) == [.clients(limit: State.clientLimit)])
    harness.answer(.clients, .clients(Harness.clients))
    harness.press(.tab)
    #expect(harness.requests(.slowLog) == [.slowLog(limit: State.slowLogLimit)])
    harness.answer(.slowLog, .slowLog(Harness.slowLog))
    harness.forgetEffects()
    // They are not read again by coming back.
    harness.press(.tab, .tab, .tab, .backTab)
    harness.advance(30_000)
    #expect(harness.requests(.clients).isEmpty && harness.requests(.slowLog).isEmpty)
    harness.press(.character("R"))
    #expect(harness.requests(.clients).count + harness.requests(.slowLog).count == 1)
    harness.press(.character("S"))
    harness.forgetEffects()
    harness.advance(5_000)
    #expect(harness.requests(.clients).isEmpty && harness.requests(.slowLog).isEmpty)
  }

  @Test("What changed behind it is read when it is closed")
  func readsBehind() {
    var harness = Harness.server()
    harness.send(.changed("a"))
    harness.advance(500)
    #expect(harness.requests(.facts).isEmpty)
    harness.press(.escape)
    #expect(!harness.requests(.facts).isEmpty)
  }

  @Test("Charts and facts, with their units")
  func overview() {
    let harness = Harness.server()
    for words in [
      "commands", "hit rate", "processor  ", "exp 38/s", "evict 0/s", "1.7G", "of 10.0k", "valkey 9.1.2", "12d 8h",
      "allkeys-lru", "1.20", "WRONGTYPE", "db0", "1,204,331", "75%", "10.2.0.15:6379", "in step", "behind", "lag 4s",
      "primary", "3s a column",
    ] {
      #expect(harness.text.contains(words), "\(words)")
    }
    #expect(Harness.server(isReplica: true).text.contains("down for 12s"))
  }

  @Test("What the server does not tell is not shown, never as 0")
  func absent() {
    var harness = Harness(["a"], setup: Setup(endpointName: "x", previewDelay: nil))
    var facts = ServerFacts()
    facts.product = "redis"
    facts.version = "6.2.14"
    facts.details = ServerDetails()
    harness.answer(.header, .server(facts))
    harness.press(.character("S"))
    for words in ["uptime", "peak", "connected", "last snapshot", "replicas", "processor", "hit rate", " 0"] {
      #expect(!harness.text.contains(words), "\(words)")
    }
    #expect(harness.text.contains("redis 6.2.14") && harness.text.contains("no keys"))
  }

  @Test("INFO that is denied says so with its rule; the lists go on")
  func infoDenied() {
    for size in [Size(width: 120, height: 36), Size(width: 80, height: 24), Size(width: 60, height: 15)] {
      var harness = Harness(["a"], size: size, setup: Setup(endpointName: "x", previewDelay: nil))
      var facts = ServerFacts()
      (facts.product, facts.version, facts.role) = ("redis", "7.0.15", "master")
      facts.infoDenial = Denial(command: "INFO", missingRule: "+info")
      harness.answer(.header, .server(facts))
      harness.press(.character("S"))
      #expect(harness.text.contains("✗ NOPERM: INFO needs the ACL rule +info"))
      harness.showClients()
      #expect(harness.text.contains("worker-5"))
    }
  }

  @Test("A list that is denied says so with its rule, and is not asked for again by itself")
  func listDenied() {
    var harness = Harness.server()
    harness.press(.tab)
    harness.answer(
      .clients,
      .failed(
        Failure(
          kind: .denied(Denial(command: "CLIENT LIST", missingRule: "+client|list")), what: "listing the clients",
          why: [], nextStep: "")))
    #expect(harness.row("✗").contains("✗ NOPERM: CLIENT LIST needs the ACL rule +client|list"))
    harness.forgetEffects()
    harness.press(.tab, .backTab)
    harness.advance(10_000)
    #expect(harness.requests(.clients).isEmpty)
    harness.answer(.slowLog, .failed(Failure(kind: .server, what: "reading the slow log", why: [0x1B], nextStep: "Go")))
    harness.press(.tab)
    #expect(harness.row("reading the slow log").contains("reading the slow log: \\x1b. Go"))
  }

  @Test("So many clients are not listed unasked")
  func manyClients() {
    var harness = Harness.server()
    var facts = Harness.facts(second: 90)
    facts.clients = 25_000
    harness.advance(1_000)
    harness.answer(.header, .server(facts))
    harness.forgetEffects()
    harness.press(.tab)
    #expect(harness.requests(.clients).isEmpty)
    #expect(harness.text.contains("25,000 clients are connected") && harness.text.contains("R reads them"))
    harness.press(.character("R"))
    #expect(harness.requests(.clients).count == 1)
    harness.answer(.clients, .clients(Harness.clients))
    #expect(harness.row("[Clients").contains("212") && harness.row("[Clients").contains("40 are shown"))
  }

  @Test("The cursor stays with its client when the list is read again")
  func cursor() {
    var harness = Harness.server()
    harness.showClients()
    harness.type("jjjj")
    #expect(harness.state.serverScreen?.client?.id == 4_004)
    harness.press(.character("R"))
    var list = Harness.clients
    list.clients.removeFirst(2)
    harness.answer(.clients, .clients(list))
    #expect(harness.state.serverScreen?.client?.id == 4_004)
    #expect(harness.row("▌").contains("worker-4"))
    harness.press(.end, .pageDown, .down)
    #expect(harness.row("▌").contains("worker-39"))
  }

  @Test("Names of clients are shown by the escape rule, and its own connections are marked")
  func names() {
    var harness = Harness.server()
    harness.showClients()
    #expect(harness.row("evil").contains(#"\x1b[2Jevil"#))
    #expect(harness.row("keyglass-rows").contains(" own "))
    #expect(!harness.row("worker-0").contains("own"))
  }

  @Test("Enter shows a client whole, and Esc closes that first")
  func whole() {
    var harness = Harness.server()
    harness.showClients()
    harness.press(.down, .down, .down, .enter)
    #expect(harness.text.contains("Client 4003") && harness.text.contains("S  replica"))
    harness.press(.escape)
    #expect(harness.state.isServerShown && !harness.text.contains("Client 4003"))
    harness.press(.tab)
    #expect(harness.state.serverScreen?.page == .slowLog)
  }

  @Test("The slow log: times, durations, and commands by the escape rule")
  func slowLog() {
    var harness = Harness.server()
    harness.showSlowLog()
    #expect(harness.row("KEYS session").contains("00:00:30") && harness.row("KEYS session").contains("1.2 s"))
    #expect(harness.row("SET").contains("2025-12-30") && harness.row("SET").contains("12.3 ms"))
    #expect(harness.row("SET").contains(#""a\x01b""#))
    #expect(harness.row("DEL").contains("950 µs"))
    harness.press(.down, .enter)
    #expect(harness.text.contains("Slow command 11") && harness.text.contains("2025-12-30 20:13:20"))
    #expect(harness.row("[Slow log").contains("128") && harness.row("[Slow log").contains("the newest 3"))
  }

  // MARK: - Killing

  private func killing(_ setup: Setup? = nil) -> Harness {
    var harness = Harness.server(setup: setup)
    harness.showClients()
    harness.forgetEffects()
    return harness
  }

  @Test("x asks, with the very command; only [Kill] sends it, once")
  func kills() {
    var harness = killing()
    harness.type("jjx")
    #expect(harness.text.contains("kill client 4002") && harness.text.contains("CLIENT KILL ID 4002"))
    #expect(harness.text.contains("will run") && harness.text.contains(#"named \x1b[2Jevil"#))
    harness.press(.enter)
    // Typed before it was to be seen.
    #expect(harness.requests(.kill).isEmpty && harness.text.contains("will run"))
    harness.advance(200)
    harness.press(.enter)
    #expect(harness.requests(.kill).isEmpty && !harness.text.contains("will run") && harness.state.isServerShown)
    harness.type("d")
    harness.advance(200)
    harness.press(.tab, .enter)
    #expect(harness.requests(.kill) == [.killClient(id: 4_002, session: 1)])
    harness.type("x")
    #expect(harness.row("is being killed").contains("wait"))
    harness.forgetEffects()
    harness.answer(.kill, .killed(id: 4_002, .killed))
    #expect(harness.row("client 4002 was killed") != "")
    #expect(harness.requests(.clients).count == 1)
  }

  @Test("A client that had gone, or may not be killed, is told of")
  func killsInVain() {
    var harness = killing()
    harness.type("x")
    harness.advance(200)
    harness.press(.tab, .enter)
    harness.answer(.kill, .killed(id: 4_000, .gone))
    #expect(harness.row("had gone already") != "")
    harness.answer(
      .kill,
      .failed(
        Failure(
          kind: .denied(Denial(command: "CLIENT KILL", missingRule: "+client|kill")), what: "killing client 4000",
          why: Array("this user may not run CLIENT KILL".utf8), nextStep: "Ask for the rule +client|kill")))
    #expect(harness.row("+client|kill") != "")
  }

  @Test("Its own connection, read-only mode, no connection, another page: nothing is asked")
  func refuses() {
    var harness = killing()
    harness.type("jx")
    #expect(harness.row("Keyglass's own") != "" && harness.state.overlay == nil)
    harness.press(.tab)
    harness.type("x")
    #expect(harness.row("Tab goes to the clients") != "" && harness.state.overlay == nil)
    harness.press(.backTab)
    harness.send(.notice(.link(.lost(why: "refused", retryIn: 500))))
    harness.type("kx")
    #expect(harness.row("no connection") != "" && harness.state.overlay == nil)
    var careful = killing(Setup(endpointName: "x", isReadOnly: true, previewDelay: nil))
    careful.type("x")
    #expect(careful.row("read-only") != "" && careful.state.overlay == nil)
    #expect(!careful.row("q back").contains("kill"))
    #expect(harness.requests(.kill).isEmpty && careful.requests(.kill).isEmpty)
  }

  @Test("A replica is no mere client")
  func replica() {
    var harness = killing()
    harness.type("jjjx")
    #expect(harness.text.contains("It is a replica of this server"))
  }

  // MARK: - Without a connection

  @Test("Without a connection what was read stays, is said to be old, and is read again afterwards")
  func stale() {
    var harness = Harness.server()
    harness.showClients()
    harness.send(.notice(.link(.lost(why: "connection refused", retryIn: 2_000))))
    harness.advance(12_000)
    #expect(harness.row("╭─ Load").contains("[STALE] as of 12s ago"))
    #expect(harness.row("[Clients").contains("read 12s ago") && harness.text.contains("worker-5"))
    harness.forgetEffects()
    harness.press(.character("R"))
    #expect(harness.requests(.clients).isEmpty && harness.requests(.link) == [.reconnect])
    harness.send(.notice(.link(.connected)))
    harness.send(.notice(.session(2)))
    #expect(harness.requests(.clients).count == 1)
    harness.answer(.clients, .clients(Harness.clients))
    harness.send(.notice(.reconnected(Reconnection(server: .another))))
    #expect(harness.state.serverScreen?.clients.content == nil)
    #expect(harness.requests(.clients).count == 2)
  }

  @Test("A pause stops the charts")
  func pause() {
    var harness = Harness.server()
    harness.press(.character("p"))
    harness.forgetEffects()
    harness.advance(5_000)
    #expect(harness.requests(.header).isEmpty && harness.text.contains("[PAUSED]"))
    harness.press(.character("p"))
    harness.answer(.header, .server(Harness.facts(second: 95)))
    let columns = harness.state.header.load.columns(.operations, count: 6, seconds: 1)
    #expect(columns.first != .some(nil) && columns.last != .some(nil))
    #expect(columns.dropFirst().dropLast().allSatisfy { $0 == nil })
  }

  @Test("Keys of the list do nothing there")
  func otherKeys() {
    for key in Bindings.all.flatMap(\.keys) {
      var harness = Harness.server()
      harness.press(key)
      // What was behind it is read when it is closed.
      for case .request(let purpose, _, _) in harness.effects where harness.state.isServerShown {
        #expect([.header, .clients, .slowLog, .scan, .log, .consoleTable].contains(purpose), "\(key): \(purpose)")
      }
      if case .form? = harness.state.overlay { Issue.record("a form by \(key)") }
    }
  }

  @Test("o changes the scale of the charts")
  func scale() {
    var harness = Harness.server()
    for words in ["10s a column", "30s a column", "1s a column", "3s a column"] {
      harness.type("o")
      #expect(harness.row("╭─ Load").contains(words))
    }
  }

  @Test("? is about it first, and the footer has its keys")
  func help() {
    var harness = Harness.server()
    #expect(harness.row("q back").contains("Tab clients"))
    harness.type("?")
    #expect(harness.row("Server (S)") != "")
    harness.press(.escape)
    #expect(harness.state.isServerShown)
  }

  @Test("The mouse: the wheel moves, a click chooses, another opens")
  func mouse() {
    var harness = Harness.server(setup: Setup(endpointName: "x", usesMouse: true, previewDelay: nil))
    harness.showClients()
    harness.send(.mouse(MouseEvent(.wheelDown, x: 10, y: 20)))
    #expect(harness.state.serverScreen?.clients.viewport.cursor == 3)
    let page = harness.state.serverLayout?.page ?? Rect(x: 0, y: 0, width: 0, height: 0)
    harness.send(.mouse(MouseEvent(.press, x: 10, y: page.y + 2 + 5)))
    #expect(harness.state.serverScreen?.client?.id == 4_005)
    harness.send(.mouse(MouseEvent(.press, x: 10, y: page.y + 2 + 5)))
    #expect(harness.state.serverScreen?.isOpened == true)
  }
}
