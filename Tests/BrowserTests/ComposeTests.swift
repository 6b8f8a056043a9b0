import Canvas
import Requests
import TestSupport
import Testing

@testable import Browser

@Suite("The Compose project, and connecting to its services") struct ComposeTests {
  private func place(_ name: String) -> ServerPlace { .compose(service: name) }

  @Test("the cursor stands on the first server that can be connected to, and Enter goes there") func connects() {
    var harness = Harness.compose()
    harness.press(.enter)
    #expect(harness.attempts.map(\.place) == [place("cache")])
    #expect(Browser.awaits(attempt: 1, harness.state))
    #expect(harness.state.overlay == .compose)
    #expect(!Browser.isIdle(harness.state))
    harness.change("cache") { $0.containers?.health = .unhealthy }
    #expect(harness.text.contains("waiting for cache: running, health unhealthy"))
    harness.press(.escape)
    #expect(harness.effects.contains(.giveUp(attempt: 1)))
    #expect(!Browser.awaits(attempt: 1, harness.state))
    #expect(harness.state.overlay == .compose)
  }

  @Test("the cursor comes back to its service when the files tell of it again") func cursorOfEditedFiles() {
    var harness = Harness.compose()
    var service: String? { harness.state.compose.serviceUnderCursor?.name }
    harness.stand(on: "sessions")
    harness.send(.compose(.unusable("docker-compose.yml:1:1: not YAML")))
    harness.press(.character("j"))
    harness.send(.compose(.project(.shop())))
    #expect(service == "sessions")

    var without = ComposeListing.shop()
    without.services.removeAll { $0.name == "sessions" }
    harness.send(.compose(.project(without)))
    #expect(service != "sessions" && harness.footer.contains("sessions is not in the project any more"))
    harness.send(.compose(.project(.shop())))
    #expect(service == "sessions")
    // Whoever has gone elsewhere meanwhile stays there.
    harness.send(.compose(.project(without)))
    harness.press(.character("k"))
    let chosen = service
    harness.send(.compose(.project(.shop())))
    #expect(service == chosen && chosen != "sessions")
    // The project's own row is one as well.
    harness.press(.character("g"))
    harness.send(.compose(.unusable("docker-compose.yml:1:1: not YAML")))
    harness.send(.compose(.project(.shop())))
    #expect(service == nil)
  }

  @Test("a password is asked for where the server wants one") func password() {
    var harness = Harness.compose()
    harness.press(.enter)
    harness.send(.connectFailed(attempt: 1, .wantsPassword(isRefused: false)))
    #expect(harness.footer.contains("password:"))
    harness.type("hush")
    harness.press(.enter)
    #expect(harness.attempts.map(\.password) == [nil, Secret(Array("hush".utf8))])
    #expect(harness.state.overlay == .compose)
    harness.send(.connectFailed(attempt: 2, .failed("cannot connect to 127.0.0.1:16399: connection refused. Look.")))
    #expect(harness.text.contains("connection refused. Look."))
  }

  @Test("what cannot be connected to says why, and nothing happens", arguments: ["db", "hidden", "broken"])
  func refusals(name: String) {
    var harness = Harness.compose()
    harness.stand(on: name)
    harness.press(.enter)
    #expect(harness.attempts.isEmpty && harness.commands.isEmpty && harness.state.compose.confirmation == nil)
    let why =
      ["db": "speaks no Redis", "hidden": "publishes no port", "broken": "neither image nor build"][name] ?? "?"
    #expect(harness.footer.contains(why))
  }

  @Test("a paused one is not waited for") func paused() {
    var harness = Harness.compose()
    harness.change("cache") { $0.containers = .init(state: .paused, total: 1) }
    harness.press(.enter)
    #expect(harness.attempts.isEmpty)
    #expect(harness.text.contains("cache is paused"))
  }

  @Test("what would be lost on this server is asked about first") func loss() {
    var harness = Harness.compose()
    harness.state.undoable = 1
    harness.press(.enter)
    #expect(harness.text.contains("undo ends here"))
    harness.advance(200)
    harness.press(.tab, .enter)
    #expect(harness.attempts.map(\.place) == [place("cache")])
    #expect(harness.state.overlay == .compose)
    harness.press(.escape)
    harness.stand(on: "sessions")
    harness.press(.enter)
    #expect(harness.text.contains("undo ends here"))
    harness.advance(200)
    harness.press(.tab, .enter)
    #expect(harness.footer.contains("will run: docker compose up -d sessions"))
  }

  @Test("Enter on the server that one is on goes back to it") func here() {
    var setup = Setup(endpointName: "127.0.0.1:16399", previewDelay: nil)
    setup.place = place("cache")
    var harness = Harness.compose(setup: setup)
    harness.press(.enter)
    #expect(harness.state.overlay == nil)
    #expect(harness.attempts.isEmpty)
  }

  // MARK: - Starting first

  private func starting() -> Harness {
    var harness = Harness.compose()
    harness.stand(on: "sessions")
    harness.press(.enter)
    #expect(harness.footer.contains("will run: docker compose up -d sessions"))
    #expect(harness.footer.contains("connects"))
    harness.advance(200)
    harness.press(.enter)
    #expect(harness.commands == [["docker", "compose", "up", "-d", "sessions"]])
    #expect(harness.attempts.isEmpty)
    return harness
  }

  @Test("what is down is started, and connected to when the command has ended well") func startsFirst() {
    var harness = starting()
    harness.write([" Container shop-sessions-1  Started"])
    #expect(harness.text.contains("Container shop-sessions-1"))
    harness.send(.composeEnded(run: 1, .exited(status: 0)))
    #expect(harness.attempts.map(\.place) == [place("sessions")])
  }

  @Test("or as soon as it runs") func startsAtOnce() {
    var harness = starting()
    harness.change("sessions") { $0.containers = .init(state: .running, running: 1, total: 1) }
    #expect(harness.attempts.map(\.place) == [place("sessions")])
    // Once is enough.
    harness.send(.composeEnded(run: 1, .exited(status: 0)))
    #expect(harness.attempts.count == 1)
  }

  @Test("but not while the help covers the screen") func startsLater() {
    var harness = starting()
    harness.press(.character("?"))
    harness.send(.composeEnded(run: 1, .exited(status: 0)))
    #expect(harness.attempts.isEmpty)
    harness.press(.escape)
    #expect(harness.attempts.count == 1)
  }

  @Test("nor where the command failed, was stopped, or connecting was given up") func startFails() {
    var harness = starting()
    harness.send(.composeEnded(run: 1, .exited(status: 1)))
    #expect(harness.attempts.isEmpty)
    #expect(harness.text.contains("not connected: 'docker compose up -d sessions' did not work"))
    harness = starting()
    harness.press(.control("c"))
    harness.send(.composeEnded(run: 1, .exited(status: 0)))
    #expect(harness.attempts.isEmpty)
    harness = starting()
    harness.press(.escape)
    #expect(harness.cancels.isEmpty)
    harness.send(.composeEnded(run: 1, .exited(status: 0)))
    #expect(harness.attempts.isEmpty)
  }

  @Test("where it cannot be started, that is said") func cannotStart() {
    var harness = Harness.compose(setup: Setup(endpointName: "h:1", isReadOnly: true, previewDelay: nil))
    harness.stand(on: "sessions")
    harness.press(.enter)
    #expect(harness.state.compose.confirmation == nil)
    #expect(harness.text.contains("sessions is not running (exited (1)), and cannot be started from here"))
  }

  // MARK: - Looking

  @Test("the cursor stays on its service when others come and go") func cursor() {
    var harness = Harness.compose()
    harness.stand(on: "sessions")
    var listing = ComposeListing.shop()
    listing.services.removeFirst(2)
    harness.send(.compose(.project(listing)))
    #expect(harness.state.compose.serviceUnderCursor?.name == "sessions")
    harness.send(.compose(.nothing(folder: "/tmp")))
    #expect(harness.text.contains("There is no Compose file in /tmp"))
    harness.press(.down, .enter, .character("u"), .character("t"), .character("y"), .tab, .character("+"))
    #expect(harness.commands.isEmpty && harness.attempts.isEmpty)
    harness.send(.compose(.project(.shop())))
    #expect(harness.state.compose.serviceUnderCursor?.name == "sessions")
  }

  @Test("version and keys are the live ones where one is, and remembered of where one was") func facts() {
    var setup = Setup(endpointName: "127.0.0.1:16399", previewDelay: nil)
    setup.place = place("cache")
    var harness = Harness.compose(setup: setup)
    var facts = ServerFacts()
    (facts.product, facts.version, facts.keys) = ("redis", "7.2.5", 41)
    harness.answer(.header, .server(facts))
    #expect(harness.row("cache ").contains("redis 7.2.5"))
    #expect(harness.row("cache ").contains("41"))
    var state = Browser.entering(
      ServerSetup(place("inner"), endpointName: "172.18.0.2:6379", database: 0), from: harness.state)
    #expect(state.compose.remembered["cache"]?.keys == 41)
    #expect(state.overlay == nil)
    #expect(Browser.start(&state).contains(.watchCompose(false)))
    harness.state = state
    harness.press(.character("C"), .character("c"))
    #expect(harness.row("cache ").contains("redis 7.2.5"))
  }

  @Test("a command goes on while another server is gone to, and its end is told") func goesOn() {
    var harness = Harness.compose()
    harness.press(.character("b"))
    harness.advance(200)
    harness.press(.enter)
    harness.state = Browser.entering(
      ServerSetup(place("cache"), endpointName: "127.0.0.1:16399", database: 0), from: harness.state)
    harness.send(.composeEnded(run: 1, .exited(status: 17)))
    #expect(harness.footer.contains("docker compose build cache: exit 17"))
  }

  @Test("t tests, y copies") func testsAndCopies() {
    var harness = Harness.compose()
    harness.press(.character("t"), .character("y"))
    #expect(harness.tested == [place("cache")])
    #expect(harness.effects.contains(.copy(Array("keyglass @compose/cache".utf8))))
    let greeting = ServerGreeting(product: "redis", version: "7.2.5", role: "master", microseconds: 412)
    harness.send(.serverTested(place("cache"), .reached(greeting)))
    #expect(harness.text.contains("answers in 0.4 ms: redis 7.2.5 master"))
    #expect(harness.row("● cache").contains("redis 7.2.5"))
  }

  @Test("nothing is tried where the engine says that nothing runs") func testsDown() {
    var harness = Harness.compose()
    harness.stand(on: "sessions")
    harness.press(.character("t"))
    #expect(harness.tested.isEmpty)
    #expect(harness.text.contains("it is not running (exited (1)): Enter starts it first"))
    harness.press(.character("C"))
    #expect(harness.row("@compose/sessions").contains("exited (1)"))
  }

  @Test("a click selects, once more connects") func mouse() {
    var harness = Harness.compose()
    harness.press(.escape, .escape, .character("m"), .character("C"), .character("c"))
    harness.forgetEffects()
    let y = harness.frame().trimmedRows().firstIndex { $0.contains("inner") } ?? 0
    harness.send(.mouse(MouseEvent(.press, x: 10, y: y)))
    #expect(harness.state.compose.serviceUnderCursor?.name == "inner")
    #expect(harness.attempts.isEmpty)
    harness.send(.mouse(MouseEvent(.press, x: 10, y: y)))
    #expect(harness.attempts.map(\.place) == [place("inner")])
  }

  // MARK: - On the screen of connections

  @Test("its Redis services are listed before the other servers") func section() {
    var harness = Harness.servers()
    #expect(!harness.text.contains("compose project"))
    harness.send(.compose(.project(.shop())))
    #expect(harness.text.contains("compose project shop (docker-compose.yml): c shows all of it"))
    #expect(
      harness.state.servers.shown.prefix(5).map(\.name)
        == ["cache", "inner", "sessions", "hidden", "queue"].map { "@compose/\($0)" })
    harness.press(.character("/"))
    harness.type("compose/s")
    harness.press(.enter)
    #expect(harness.state.servers.shown.map(\.name) == ["@compose/sessions"])
    harness.press(.enter)
    #expect(harness.state.overlay == .compose)
    #expect(harness.footer.contains("will run: docker compose up -d sessions"))
    #expect(harness.state.compose.serviceUnderCursor?.name == "sessions")
    harness.press(.escape)
    harness.advance(200)
    harness.press(.escape, .escape)
    #expect(harness.state.overlay == .servers)
  }

  @Test("Enter there on one that runs connects from there") func sectionConnects() {
    var harness = Harness.servers()
    harness.send(.compose(.project(.shop())))
    harness.press(.character("g"), .enter)
    #expect(harness.attempts.map(\.place) == [place("cache")])
    #expect(harness.state.overlay == .servers)
    #expect(Browser.awaits(attempt: 1, harness.state))
  }

  @Test("a project without other servers has its section all the same") func onlySection() {
    var harness = Harness.servers([])
    harness.send(.compose(.project(.shop())))
    #expect(harness.text.contains("@compose/cache"))
    harness.send(.compose(.nothing(folder: "/")))
    #expect(harness.text.contains("Servers can have names"))
  }

  // MARK: - Without a server

  @Test("it begins with the project, and asks nobody anything") func serverless() {
    var harness = Harness.serverless(nil)
    #expect(harness.effects == [.watchCompose(true)])
    #expect(harness.frame().trimmedRows()[0] == " no server")
    #expect(!Browser.isIdle(harness.state))
    harness.send(.compose(.project(.shop())))
    #expect(Browser.isIdle(harness.state))
    harness.press(.character("C"))
    harness.send(.servers(Harness.entries))
    #expect(harness.text.contains("@prod-cache"))
    harness.press(.escape)
    #expect(harness.state.overlay == .compose)
    harness.press(.character("?"))
    #expect(harness.text.contains("Compose project (C c)"))
    harness.press(.escape)
    #expect(harness.state.overlay == .compose)
    harness.advance(5_000)
    #expect(!harness.hasRequests)
    #expect(!harness.effects.contains(.quit(status: 0)))
    harness.press(.escape)
    #expect(harness.effects.contains(.quit(status: 0)))
  }

  @Test("connected, it is a session like any other") func entersFromNone() {
    var harness = Harness.serverless()
    harness.press(.enter)
    #expect(Browser.awaits(attempt: 1, harness.state))
    var state = Browser.entering(
      ServerSetup(place("cache"), endpointName: "127.0.0.1:16399", database: 0), from: harness.state)
    #expect(!state.setup.isServerless)
    #expect(state.compose.listing == .shop())
    let effects = Browser.start(&state)
    #expect(effects.contains { if case .request(.database, _, _) = $0 { true } else { false } })
    #expect(effects.contains(.watchCompose(false)))
  }

  @Test("no key asks a server where there is none", arguments: 0..<8 as Range<UInt64>) func asksNobody(seed: UInt64)
    async
  {
    var random = Seeded(state: seed)
    var harness = Harness.serverless(size: Size(width: seed % 2 == 0 ? 80 : 40, height: seed % 3 == 0 ? 10 : 24))
    let keys: [Key] =
      [
        .enter, .escape, .tab, .up, .down, .left, .right, .home, .end, .pageUp, .pageDown, .control("c"), .control("d"),
        .control("o"), .function(5),
      ]
      + "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ/:?@*+<>= 0123456789".map { .character($0) }
    for number in 0..<1_000 {
      // Other tests wait for their turn on the same few threads.
      if number % 10 == 0 { await Task.yield() }
      let key = random.pick(keys)
      if random.one(4) { harness.advance(200) } else if random.one(6) { harness.send(.typed([key])) }
      harness.press(key)
      for effect in harness.effects {
        switch effect {
        case .request: Issue.record("\(key) asked: \(effect)")
        case .listServers: harness.send(.servers(Harness.entries))
        case .connect(let attempt, _, _):
          harness.send(
            .connectFailed(attempt: attempt, random.one(2) ? .failed("no") : .wantsPassword(isRefused: false)))
        case .runCompose(let run, _, _):
          harness.write(["a", "b"], run: run)
          if random.one(2) { harness.send(.composeEnded(run: run, .exited(status: random.number(0...1)))) }
        case .cancelCompose(let run): harness.send(.composeEnded(run: run, .cancelled))
        case .watchCompose(let isOn):
          #expect(isOn, "off although there is nothing else")
          harness.send(.compose(random.one(5) ? .nothing(folder: "/") : .project(.shop())))
        default: break
        }
      }
      harness.forgetEffects()
      #expect(harness.state.overlay != nil)
      _ = harness.frame()
      #expect(Browser.nextTick(harness.state) > harness.state.now)
    }
  }

  @Test("no size is too small") func sizes() {
    for width in 38...90 {
      for height in 9...26 {
        var harness = Harness.serverless(size: Size(width: width, height: height))
        harness.press(.character("L"))
        harness.write((1...30).map { "line \($0)" })
        _ = harness.frame()
        harness.press(.character("+"), .character("k"))
        _ = harness.frame()
        harness.press(.character("+"), .tab, .character("d"))
        _ = harness.frame(.ascii)
      }
    }
  }
}
