import Canvas
import Requests
import TestSupport
import Testing

@testable import Browser

@Suite("Commands of the Compose project") struct ComposeCommandTests {
  static let keys: [(Character, ComposeAction, [String])] = [
    ("u", .up, ["up", "-d"]), ("a", .start, ["start"]), ("s", .stop, ["stop"]), ("r", .restart, ["restart"]),
    ("b", .build, ["build"]), ("p", .pull, ["pull"]), ("o", .ps, ["ps", "-a"]),
    ("L", .logs, ["logs", "--follow", "--tail", "200", "--no-color"]), ("d", .down, ["down"]),
  ]

  /// Whatever asks is answered with yes.
  private func confirm(_ harness: inout Harness) {
    harness.advance(200)
    if case .dialog? = harness.state.overlay { harness.press(.tab) }
    if harness.commands.isEmpty { harness.press(.enter) }
  }

  @Test("each key runs exactly what was shown, on the service or on all", arguments: [nil, "db"] as [String?])
  func words(service: String?) {
    for (key, action, words) in Self.keys {
      var harness = Harness.compose()
      harness.stand(on: service)
      harness.press(.character(key))
      let expected = ["docker", "compose"] + words + (action == .down ? [] : service.map { [$0] } ?? [])
      #expect(harness.text.contains(ShellWord.line(expected)), "\(action)")
      confirm(&harness)
      #expect(harness.commands == [expected])
      #expect(
        harness.effects.contains(.runCompose(run: 1, words: expected, folder: "/home/ada/shop")), "\(action)")
    }
  }

  @Test("the words of the tool come first, and are quoted to be read only") func toolWords() {
    var harness = Harness.compose(
      .project(.shop(tool: .found(words: ["docker-compose", "-f", "my file.yml"], version: "1.29.2"))))
    harness.stand(on: "db")
    harness.press(.character("o"))
    #expect(harness.commands == [["docker-compose", "-f", "my file.yml", "ps", "-a", "db"]])
    #expect(harness.text.contains("docker-compose -f 'my file.yml' ps -a db"))
  }

  @Test("what changes something asks first, and typed-ahead keys are no answer", arguments: ["u", "a", "b", "p"])
  func confirmations(key: Character) {
    var harness = Harness.compose()
    harness.press(.character(key), .enter)
    #expect(harness.commands.isEmpty)
    #expect(harness.footer.contains("will run: docker compose"))
    harness.advance(200)
    harness.press(.character("j"))
    #expect(harness.footer.contains("will run: docker compose"))
    harness.press(.escape)
    #expect(harness.commands.isEmpty)
    #expect(!harness.footer.contains("will run"))
    harness.press(.character(key))
    harness.send(.typed([.enter]))
    #expect(harness.commands.isEmpty)
  }

  @Test("what interrupts others asks in a dialog that Cancel has the focus of", arguments: ["s", "r", "d"])
  func dialogs(key: Character) {
    var harness = Harness.compose()
    harness.press(.character(key))
    harness.press(.tab, .enter)
    harness.advance(200)
    #expect(harness.text.contains("will run"))
    harness.press(.enter)
    #expect(harness.commands.isEmpty)
    #expect(harness.state.overlay == .compose)
    harness.press(.character(key))
    harness.advance(200)
    harness.press(.tab, .enter)
    #expect(harness.commands.count == 1)
    #expect(harness.state.overlay == .compose)
  }

  @Test("read-only refuses all that is not ps or logs, and says why") func readOnly() {
    for (key, action, _) in Self.keys {
      var harness = Harness.compose(setup: Setup(endpointName: "h:1", isReadOnly: true, previewDelay: nil))
      harness.stand(on: "db")
      harness.press(.character(key))
      if action == .ps || action == .logs {
        #expect(harness.commands.count == 1)
      } else {
        #expect(harness.footer.contains("started with --read-only"), "\(action)")
        confirm(&harness)
        #expect(harness.commands.isEmpty, "\(action)")
      }
    }
  }

  @Test("a locked production server does not lock the project of the folder") func production() {
    var harness = Harness.compose(setup: .profile())
    harness.press(.character("u"))
    confirm(&harness)
    #expect(harness.commands.count == 1)
  }

  @Test("without a tool or an engine nothing is run, and the reason is said") func impossible() {
    let listings: [(ComposeListing, String)] = [
      (.shop(tool: .missing(why: "docker is not installed")), "docker is not installed"),
      (.shop(engine: .fails(why: "connection refused")), "connection refused"),
      (.shop(tool: .unknown), "still being looked for"), (.shop(engine: .unknown), "has not answered yet"),
    ]
    for (listing, why) in listings {
      for (key, _, _) in Self.keys {
        var harness = Harness.compose(.project(listing))
        harness.press(.character(key))
        #expect(harness.footer.contains(why))
        confirm(&harness)
        #expect(harness.commands.isEmpty)
      }
    }
  }

  @Test("a name that is an option to the command is given to none") func optionName() {
    var listing = ComposeListing.shop()
    listing.services[0].name = "--help"
    var harness = Harness.compose(.project(listing))
    harness.stand(on: "--help")
    harness.press(.character("o"))
    #expect(harness.commands.isEmpty)
    #expect(harness.footer.contains("taken for an option"))
  }

  @Test("one command at a time; a log that is followed gives way") func oneAtATime() {
    var harness = Harness.compose()
    harness.press(.character("L"))
    harness.press(.character("o"))
    #expect(harness.cancels == [1])
    #expect(harness.commands.count == 2)
    // What the old one still says is not the new one's.
    harness.write(["of the log"], run: 1)
    harness.send(.composeEnded(run: 1, .cancelled))
    #expect(harness.state.compose.run?.output.count == 0)
    #expect(harness.state.compose.running != nil)
    harness.forgetEffects()
    harness.press(.character("u"))
    #expect(harness.footer.contains("one command at a time: 'docker compose ps -a cache' is running"))
    #expect(harness.commands.isEmpty)
    harness.send(.composeEnded(run: 2, .exited(status: 0)))
    harness.press(.character("u"))
    harness.advance(200)
    harness.press(.enter)
    #expect(harness.commands == [["docker", "compose", "up", "-d", "cache"]])
  }

  @Test("a question about what has changed is taken back") func changedQuestion() {
    var harness = Harness.compose()
    harness.press(.character("s"))
    harness.advance(200)
    harness.change("cache") { $0.containers?.health = .unhealthy }
    #expect(harness.text.contains("stop cache?"))
    harness.send(.compose(.unusable("docker-compose.yml:1:1: not YAML")))
    #expect(!harness.text.contains("stop cache?") && harness.state.overlay == .compose)
    #expect(harness.footer.contains("the project has changed, so nothing was run"))
    harness.send(.compose(.project(.shop())))
    harness.press(.tab, .enter)
    #expect(harness.commands.isEmpty)
  }

  @Test("what stands there is not run where the project has changed meanwhile") func changed() {
    var harness = Harness.compose()
    harness.press(.character("u"))
    harness.advance(200)
    harness.change("cache") { $0.containers = .init(state: .absent) }
    #expect(harness.footer.contains("will run"))
    harness.send(.compose(.project(.shop(tool: .found(words: ["docker-compose"], version: "1.29.2")))))
    #expect(harness.footer.contains("the project has changed"))
    harness.press(.enter)
    #expect(harness.commands.isEmpty)
  }

  // MARK: - Ending and leaving

  private func running() -> Harness {
    var harness = Harness.compose()
    harness.stand(on: nil)
    harness.press(.character("u"))
    harness.advance(200)
    harness.press(.enter)
    harness.forgetEffects()
    return harness
  }

  @Test("^C stops what runs, and only then leaves") func interrupts() {
    var harness = running()
    harness.press(.control("c"))
    #expect(harness.cancels == [1])
    #expect(harness.state.overlay == .compose)
    harness.send(.composeEnded(run: 1, .cancelled))
    #expect(harness.text.contains("stopped after 0 s"))
  }

  @Test("Esc with the keys in the pane stops it as well") func escapes() {
    var harness = running()
    harness.press(.tab, .escape)
    #expect(harness.cancels == [1])
    harness.send(.composeEnded(run: 1, .cancelled))
    harness.press(.escape)
    #expect(harness.state.compose.run == nil)
    #expect(harness.state.overlay == .compose)
  }

  @Test("leaving the screen or the program while it runs asks", arguments: ["q", "Q", "C"])
  func leaving(key: Character) {
    var harness = running()
    harness.press(.character(key))
    #expect(harness.text.contains("[Stop it and leave]"))
    harness.advance(200)
    harness.press(.escape)
    #expect(harness.state.overlay == .compose)
    #expect(harness.cancels.isEmpty)
    harness.press(.character(key))
    harness.advance(200)
    harness.press(.tab, .enter)
    #expect(harness.cancels == [1])
    #expect(harness.effects.contains(.quit(status: 0)) == (key == "Q"))
    if key != "Q" { #expect(harness.state.overlay == .servers) }
  }

  @Test("a log that is followed is given up without a question") func leavingLogs() {
    var harness = Harness.compose()
    harness.press(.character("L"))
    harness.forgetEffects()
    harness.press(.character("C"))
    #expect(harness.state.overlay == .servers)
    #expect(harness.cancels == [1])
  }

  @Test("the watch is on while one of the two screens is there") func watching() {
    var harness = Harness.servers()
    // Switched on as `C` was pressed.
    #expect(harness.state.compose.isWatched)
    harness.press(.character("c"), .character("?"), .escape, .character("C"))
    #expect(harness.watches.isEmpty)
    harness.press(.escape)
    #expect(harness.watches == [false])
    harness.press(.character("C"))
    #expect(harness.watches == [false, true])
    harness.press(.character("c"))
    harness.forgetEffects()
    harness.press(.character("R"))
    #expect(harness.watches == [true])
    harness.press(.escape)
    #expect(harness.state.overlay == .servers)
    harness.press(.escape)
    #expect(harness.state.overlay == nil)
    #expect(harness.watches == [true, false])
  }

  // MARK: - What is written

  @Test("a flood is kept to its newest lines, and the pane says what is gone") func flood() {
    var harness = running()
    harness.write((1...4_000).map { "line \($0)" })
    harness.write((4_001...12_000).map { "line \($0)" })
    #expect(harness.state.compose.run?.output.count == ComposeOutput.mostLines)
    #expect(harness.text.contains("line 12000"))
    #expect(harness.text.contains("7,000 older lines dropped"))
    harness.write((0..<400).map { _ in String(repeating: "x", count: 10_000) })
    let output = harness.state.compose.run?.output
    #expect((0..<(output?.count ?? 0)).reduce(0) { $0 + (output?[$1].count ?? 0) } <= ComposeOutput.mostBytes)
  }

  @Test("it follows the end until one scrolls up, and then tells how much is below") func following() {
    var harness = running()
    harness.write((1...100).map { "line \($0)" })
    #expect(harness.text.contains("line 100"))
    harness.press(.tab, .character("k"))
    #expect(!harness.text.contains("line 100"))
    #expect(harness.text.contains("1 more line below"))
    harness.write(["line 101"])
    #expect(harness.text.contains("2 more lines below"))
    #expect(!harness.text.contains("line 101"))
    harness.press(.character("G"))
    #expect(harness.text.contains("line 101"))
    harness.write(["line 102"])
    #expect(harness.text.contains("line 102"))
    harness.press(.character("g"))
    #expect(harness.row("line 1 ").isEmpty == false)
    // What is looked at is dropped: the oldest that is left stands there.
    harness.write((103...9_000).map { "line \($0)" })
    #expect(harness.text.contains("line 4001"))
  }

  @Test("z wraps long lines, each of them reachable to its end") func wrapping() {
    var harness = running()
    harness.write(["<" + String(repeating: "a", count: 3_000) + ">", "last"])
    #expect(!harness.text.contains("a>"))
    harness.press(.tab, .character("z"))
    #expect(harness.text.contains("a>"))
    harness.press(.character("g"))
    #expect(harness.text.contains("<aaa"))
    for _ in 0..<60 { harness.press(.character("j")) }
    #expect(harness.text.contains("a>"))
    #expect(harness.text.contains("last"))
  }

  @Test("what the command, the engine and the files say moves no cursor") func hostile() {
    var listing = ComposeListing.shop()
    let bad = "c\u{1b}[2Jx\r\u{202e}y"
    listing.name = bad
    listing.folder = "/tmp/\(bad)"
    listing.files = [bad]
    listing.notes = [bad]
    listing.services[0].name = bad
    listing.services[0].image = bad
    listing.services[0].ports = bad
    listing.services[0].obstacle = bad
    listing.services[0].advice = [bad]
    listing.services[0].evidence = bad
    listing.services[0].passwordSource = bad
    listing.services[0].containers?.error = bad
    for glyphs in [GlyphSet.unicode, .ascii] {
      var harness = Harness.compose(.project(listing))
      #expect(harness.text.contains(#"c\x1b[2Jx\x0d\xe2\x80\xaey"#))
      harness.stand(on: bad)
      harness.press(.character("u"))
      #expect(harness.footer.contains(#"\x1b"#))
      harness.advance(200)
      harness.press(.enter)
      harness.send(.composeOutput(run: 1, [Array(bad.utf8), [0xff, 0x9b, 0x07]]))
      #expect(harness.text.contains(#"\xff\x9b\x07"#))
      harness.press(.character("d"))
      for row in harness.frame(glyphs).trimmedRows() {
        #expect(row.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x202e && $0.value != 0x7f })
      }
      harness.send(.composeEnded(run: 1, .notStarted(why: bad)))
      #expect(harness.text.contains("not started"))
    }
  }
}
