import Canvas
import Keyspace
import Requests
import Testing

@testable import Browser

@Suite("Connections") struct ServersTests {
  @Test("all that is known of a server stands on its row, and the current one is marked") func rows() {
    let harness = Harness.servers()
    let row = harness.row("@prod-cache  10")
    for words in ["@prod-cache", "10.0.0.5:6379", "app", "prod", "TLS", "2 h ago"] {
      #expect(row.contains(words), "\(words) in \(row)")
    }
    #expect(row.contains("\u{258c}\u{25cf}"), "the cursor, and the mark of the current one")
    #expect(harness.row("127.0.0.1:6379").contains("10 h ago"))
    #expect(harness.row("[fd00::12]:6380").contains("staging"))
    #expect(harness.row("/run/redis/redis.sock").contains("RO"))
    #expect(harness.text.contains("Connections: 4 servers"))
    #expect(harness.text.contains("you are here"))
  }

  @Test("none is known: it says how one is named, and where") func empty() {
    let text = Harness.servers([], setup: .profile()).text
    #expect(text.contains("/home/ada/.config/keyglass/config.yaml"))
    #expect(text.contains("servers:"))
    #expect(text.contains("env: prod"))
    #expect(text.contains("password-command: [pass, show, redis/prod]"))
  }

  @Test("never more than four are tried at once, each once") func fourAtOnce() {
    let entries = (0..<11).map { ServerEntry.recent("10.0.0.\($0):6379", minutesAgo: Int64($0)) }
    var harness = Harness.servers(entries)
    harness.press(.character("T"))
    var all = harness.tested
    #expect(all.count == 4)
    #expect(!Browser.isIdle(harness.state))
    // Asked once more, none is tried twice.
    harness.press(.character("T"))
    harness.forgetEffects()
    var next = 0
    while next < all.count {
      harness.send(
        .serverTested(
          all[next], .reached(ServerGreeting(product: "redis", version: "7.0.15", role: "master", microseconds: 400))))
      next += 1
      all += harness.tested
      harness.forgetEffects()
      #expect(all.count - next <= State.mostTests)
    }
    #expect(all == entries.map(\.place))
    #expect(harness.text.contains("0.4 ms redis 7.0.15 master"))
  }

  @Test("the test of one: its reason in the row, the whole of it below") func failedTest() {
    var harness = Harness.servers()
    harness.press(.down, .character("t"))
    #expect(harness.tested == [Harness.entries[1].place])
    #expect(harness.row("127.0.0.1:6379").contains("testing"))
    harness.send(
      .serverTested(
        Harness.entries[1].place,
        .failed(why: "connection refused", message: "cannot connect to 127.0.0.1:6379: connection refused. Start it.")))
    #expect(harness.row("127.0.0.1:6379").contains("connection refused"))
    #expect(harness.text.contains("connection refused. Start it."))
    // What nobody asked for changes nothing.
    harness.send(.serverTested(Harness.entries[2].place, .wantsPassword))
    #expect(!harness.text.contains("wants a password"))
  }

  @Test("Enter connects, while everything goes on here") func connects() {
    var harness = Harness.servers()
    harness.press(.down, .enter)
    #expect(harness.attempts.map(\.place) == [Harness.entries[1].place])
    #expect(harness.attempts.first?.password == nil)
    #expect(harness.row("127.0.0.1:6379").contains("connecting"))
    #expect(harness.state.list.count == 3)
    #expect(Browser.awaits(attempt: 1, harness.state))
    // Another one only after this one.
    harness.press(.down, .enter)
    #expect(harness.attempts.count == 1)
    #expect(harness.text.contains("Esc gives that up"))
  }

  @Test("where one is, one does not go") func alreadyThere() {
    var harness = Harness.servers()
    harness.press(.enter)
    #expect(harness.attempts.isEmpty)
    #expect(harness.text.contains("this is the server that you are on"))
  }

  @Test("it cannot be connected to: everything is where it was, and the screen says why") func connectFails() {
    var harness = Harness.servers()
    harness.press(.down, .enter)
    harness.send(.connectFailed(attempt: 1, .failed("cannot connect to 127.0.0.1:6379: connection refused. Start it.")))
    #expect(harness.text.contains("cannot connect to 127.0.0.1:6379: connection refused. Start it."))
    #expect(harness.state.overlay == .servers)
    harness.press(.escape)
    #expect(harness.state.overlay == nil)
    #expect(harness.state.list.count == 3)
  }

  @Test("Esc gives up connecting: what comes of it later is for nobody") func givesUp() {
    var harness = Harness.servers()
    harness.press(.down, .enter, .escape)
    #expect(!Browser.awaits(attempt: 1, harness.state))
    harness.send(.connectFailed(attempt: 1, .failed("too late")))
    #expect(!harness.text.contains("too late"))
    harness.press(.enter)
    #expect(Browser.awaits(attempt: 2, harness.state))
    harness.press(.control("c"))
    #expect(!Browser.awaits(attempt: 2, harness.state))
  }

  @Test("another server takes everything: nothing of the old one is left but what is the user's") func enters() {
    var harness = Harness.servers()
    harness.state.setup.isASCII = true
    harness.press(.down, .enter)
    harness.press(.escape, .escape)
    harness.type("b")
    harness.press(.escape)
    var setup = ServerSetup(Harness.entries[1].place, endpointName: "127.0.0.1:6379", database: 3)
    setup.separator = [0x2f]
    let state = Browser.entering(setup, from: harness.state)
    #expect(state.database == 3)
    #expect(state.list.count == 0)
    #expect(state.list.query.separator == [0x2f])
    #expect(state.lock == .none)
    #expect(state.setup.profile == nil)
    #expect(state.setup.isASCII)
    #expect(state.size == harness.state.size)
    #expect(state.servers.entries == Harness.entries)
    #expect(state.overlay == nil)
    #expect(state.generations.isEmpty)
  }

  @Test("production there is locked at once") func entersProduction() {
    let harness = Harness.servers(setup: Setup(endpointName: "127.0.0.1:6379"))
    let setup = ServerSetup(.profile("p"), endpointName: "10.0.0.5:6379", database: 0, profile: "p", stage: .prod)
    #expect(Browser.entering(setup, from: harness.state).lock == .locked)
    var readOnly = setup
    readOnly.readOnlyReason = "started with --read-only"
    let state = Browser.entering(readOnly, from: harness.state)
    #expect(state.lock == .none)
    #expect(state.isReadOnly)
  }

  @Test("what was typed for this server is asked about before another takes its place") func unsent() {
    var harness = Harness.console(setup: .profile())
    harness.write("SET a 1")
    harness.press(.escape)
    harness.press(.character("C"))
    harness.send(.servers(Harness.entries))
    harness.press(.down, .enter)
    #expect(harness.attempts.isEmpty)
    #expect(harness.text.contains("[Leave it]"))
    harness.advance(200)
    harness.press(.enter)
    #expect(harness.state.overlay == .servers)
    #expect(harness.line == "SET a 1")
    harness.press(.enter)
    harness.advance(200)
    harness.press(.tab, .enter)
    #expect(harness.attempts.map(\.place) == [Harness.entries[1].place])
  }

  @Test("that nothing can be taken back after that is said before") func undoEnds() {
    var harness = Harness.servers()
    let edit = Edit(
      key: KeyName(Array("a".utf8)), change: .deleteKey(keepsCopy: true), presence: .present(.string), database: 0,
      session: 1)
    func report(_ kind: WriteReport.Kind) {
      let item = WriteReport.Item(
        edit: edit,
        outcome: .applied(
          Applied(replies: [], deadlineBefore: .persistent, deadlineAfter: .persistent, existsAfter: false)))
      harness.answer(.write, .written(WriteReport(id: 1, kind: kind, items: [item])))
    }
    report(.edit)
    harness.press(.down, .enter)
    #expect(harness.attempts.isEmpty)
    #expect(harness.text.contains("undo ends here") && harness.text.contains("[Leave it]"))
    harness.advance(200)
    harness.press(.enter)
    #expect(harness.state.overlay == .servers)
    report(.undo)
    harness.press(.enter)
    #expect(harness.attempts.map(\.place) == [Harness.entries[1].place])
  }

  @Test("an open transaction is asked about as well") func openTransaction() {
    var harness = Harness.console(setup: .profile("staging", .staging))
    harness.run("MULTI")
    harness.reply(["OK"], session: .inTransaction(["SET a 1"]))
    harness.press(.escape, .character("C"))
    harness.send(.servers(Harness.entries))
    harness.press(.down, .enter)
    #expect(harness.text.contains("a transaction is open"))
    #expect(harness.attempts.isEmpty)
  }

  @Test("y copies what connects there from a shell") func copies() {
    var harness = Harness.servers()
    harness.press(.character("y"))
    #expect(harness.effects.contains(.copy(Array("keyglass @prod-cache".utf8))))
  }

  @Test("/ lists what holds a text, Esc all again") func filters() {
    var harness = Harness.servers()
    harness.press(.character("/"))
    harness.type("LOCAL")
    #expect(harness.state.servers.shown.map(\.place) == [.profile("local")])
    harness.press(.enter)
    #expect(harness.text.contains("Connections: 1 server with LOCAL"))
    // The row under the cursor is the one that is gone to.
    harness.press(.enter)
    #expect(harness.attempts.map(\.place) == [.profile("local")])
    harness.press(.escape, .escape)
    #expect(harness.state.servers.shown.count == 4)
    harness.press(.escape)
    #expect(harness.state.overlay == nil)
    // A text of which nothing is left.
    harness.press(.character("C"), .character("/"))
    harness.type("nowhere")
    #expect(harness.text.contains("none holds this text"))
    harness.press(.escape)
    #expect(harness.state.servers.shown.count == 4)
  }

  @Test("a profile that cannot be used says why and is tried by nobody") func flawed() {
    var entry = ServerEntry.profile("broken", "")
    entry.flaw = "config.yaml:7:3: 'prot' is no field of a server. Did you mean 'port'?"
    var harness = Harness.servers([entry])
    harness.press(.enter, .character("t"))
    #expect(harness.attempts.isEmpty)
    #expect(harness.tested.isEmpty)
    #expect(harness.text.contains("Did you mean 'port'?"))
    #expect(harness.row("@broken").contains("cannot be used"))
  }

  @Test("what the server says of itself moves no cursor") func hostile() {
    var harness = Harness.servers()
    harness.press(.character("t"))
    harness.send(
      .serverTested(
        Harness.entries[0].place,
        .reached(ServerGreeting(product: "re\u{1b}[2Jdis", version: "\u{202e}7", role: "\r\n", microseconds: 1))))
    #expect(harness.text.contains(#"re\x1b[2Jdis"#))
    #expect(harness.text.contains(#"\xe2\x80\xae7"#))
  }

  // MARK: - The password

  /// The second server asks for one.
  private func asked(_ size: Size = Size(width: 120, height: 36)) -> Harness {
    var harness = Harness.servers(size: size)
    harness.press(.down, .enter)
    harness.send(.connectFailed(attempt: 1, .wantsPassword(isRefused: false)))
    harness.forgetEffects()
    return harness
  }

  @Test("the password is asked for without being shown, and goes along with the next attempt") func password() {
    var harness = asked()
    harness.type(#"s3cret\x41"#)
    let footer = harness.frame().trimmedRows().last ?? ""
    #expect(footer.contains("password:"))
    #expect(footer.contains(String(repeating: "\u{2022}", count: 10)))
    #expect(!harness.text.contains("s3cret"))
    harness.press(.enter)
    #expect(harness.attempts.count == 1)
    #expect(harness.attempts.first?.place == Harness.entries[1].place)
    // As it was typed: no escape rule.
    #expect(harness.attempts.first?.password?.bytes == Array(#"s3cret\x41"#.utf8))
    #expect("\(harness.effects)".contains("s3cret") == false)
  }

  @Test("it is kept nowhere: not cut, not in what was typed before") func passwordIsNotKept() {
    var harness = asked()
    harness.type("s3cret")
    harness.press(.control("u"), .character("x"), .enter)
    harness.send(.connectFailed(attempt: 2, .wantsPassword(isRefused: true)))
    #expect(harness.text.contains("did not accept"))
    harness.press(.control("p"))
    #expect(harness.state.prompt?.field.text.isEmpty == true)
    harness.press(.escape, .escape)
    harness.press(.character("/"), .control("y"))
    #expect(!harness.text.contains("s3cret"))
    var dumped = ""
    dump(harness.state, to: &dumped)
    #expect(!dumped.contains("s3cret"))
  }

  @Test("Esc leaves the question: everything is where it was") func passwordLeft() {
    var harness = asked()
    harness.type("s3cret")
    harness.press(.escape)
    #expect(harness.attempts.isEmpty)
    #expect(harness.state.overlay == .servers)
    #expect(harness.text.contains("no password was typed"))
  }

  @Test("a pasted password is taken as it is") func pastedPassword() {
    var harness = asked()
    harness.send(.paste(Array(#"a\\b é"#.utf8)))
    harness.press(.enter)
    #expect(harness.attempts.first?.password?.bytes == Array(#"a\\b é"#.utf8))
  }
}
