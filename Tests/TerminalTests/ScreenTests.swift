import Testing

/// The real thing: a small program on a real terminal, in tmux.
@Suite(.serialized, .timeLimit(.minutes(2))) struct ScreenTests {
  /// A shell that runs the host, once its first frame is there.
  func started(_ tmux: Tmux, _ arguments: String = "") async -> String {
    await tmux.type("check $H \(arguments)")
    return await tmux.wait(for: "job on the first thread")
  }

  /// That the shell has its terminal back, as it was.
  func expectSane(_ tmux: Tmux, status: Int, location: SourceLocation = #_sourceLocation) async {
    let text = await tmux.wait(for: "\nsame\n")
    #expect(text.contains("status \(status)\n"), sourceLocation: location)
    #expect(text.contains("same\n"), "the modes are those of before", sourceLocation: location)
    #expect(text.contains("before\n"), "the text of before is back", sourceLocation: location)
    #expect(!text.contains("last:"), "nothing of the frame is left", sourceLocation: location)
    #expect(await tmux.value("alternate_on") == "0", sourceLocation: location)
    #expect(await tmux.value("cursor_flag") == "1", sourceLocation: location)
    #expect(await tmux.value("keypad_cursor_flag") == "0", sourceLocation: location)
    await tmux.type("echo typed")
    #expect(await tmux.wait(for: "\ntyped\n").contains("\ntyped\n"), "the shell echoes", sourceLocation: location)
  }

  @Test func showsFramesAndKeys() async {
    let tmux = await Tmux()
    let first = await started(tmux)
    #expect(first.hasPrefix("TerminalHost 100x24\nlast: nothing\njob on the first thread\n한국어 キー ❤ é|\n│   key:"))
    #expect(await tmux.value("alternate_on") == "1")
    #expect(await tmux.value("cursor_flag") == "0", "the cursor is hidden")
    #expect(await tmux.value("cursor_y") == "5", "and stands on the selected row")
    let colours = await tmux.rows("-e")
    #expect(colours.contains("38;5;167m"), "the nearest colour of 256")
    #expect(colours.contains("48;5;24m"))
    for (typed, shown) in [
      ("j", "j"), ("Down", "Down"), ("Enter", "Enter"), ("BTab", "BTab"), ("S-Up", "S-Up"), ("PPage", "PPage"),
      ("F5", "F5"), ("M-x", "M-x"), ("M-BSpace", "M-BSpace"), ("C-_", "C-_"), ("C-c", "C-c"), ("Escape", "Escape"),
      ("DC", "DC"), ("BSpace", "BSpace"),
      ("한", "한"),
    ] {
      await tmux.send(typed)
      #expect(await tmux.wait(for: "last: key \(shown)\n").contains("last: key \(shown)\n"))
    }
    await tmux.send("q")
    await expectSane(tmux, status: 0)
  }

  @Test func takesAPasteAsOne() async {
    let tmux = await Tmux()
    _ = await started(tmux)
    await tmux.run("set-buffer \(Tmux.quoted("q\nrm -rf"))")
    await tmux.run("paste-buffer -p")
    // tmux sends the line end as a carriage return.
    #expect(await tmux.wait(for: "last: paste").contains("last: paste q\\x0drm -rf\n"))
    await tmux.send("q")
    await expectSane(tmux, status: 0)
  }

  @Test("a paste without an end gets one when nothing more comes")
  func endsAPaste() async {
    let tmux = await Tmux()
    _ = await started(tmux)
    await tmux.run("send-keys -H 1b 5b 32 30 30 7e 61 71 03")
    #expect(await tmux.wait(for: "last: paste").contains("last: paste aq\\x03\n"))
    await tmux.send("j")
    #expect(await tmux.wait(for: "last: key j\n").contains("last: key j\n"))
    await tmux.send("q")
    await expectSane(tmux, status: 0)
  }

  @Test("a string without an end gets one when nothing more comes")
  func endsAString() async throws {
    let tmux = await Tmux()
    _ = await started(tmux)
    await tmux.run("send-keys -H 1b 5d 30 3b 61")
    try await Task.sleep(for: .milliseconds(1500))
    await tmux.send("j")
    #expect(await tmux.wait(for: "last: key j\n").contains("last: key j\n"))
    await tmux.send("q")
    await expectSane(tmux, status: 0)
  }

  @Test("keys inside a paste are its bytes, and what follows it is typed")
  func keepsTheBytesOfAPaste() async {
    let tmux = await Tmux()
    _ = await started(tmux)
    let paste = "1b 5b 32 30 30 7e 61 1b 5b 41 7f 1b 1b 5b 32 30 62 1b 5b 32 30 31 7e"
    await tmux.run("send-keys -H \(paste) 1b 5b 42")
    let text = await tmux.wait(for: "last: key Down\n")
    #expect(text.contains("last: key Down\n"))
    await tmux.run("send-keys -H \(paste)")
    #expect(await tmux.wait(for: "last: paste").contains("last: paste a\\x1b[A\\x7f\\x1b\\x1b[20b\n"))
    await tmux.send("q")
    await expectSane(tmux, status: 0)
  }

  @Test func followsTheSize() async {
    let tmux = await Tmux()
    _ = await started(tmux)
    await tmux.run("resize-window -x 61 -y 15")
    let smaller = await tmux.wait(for: "last: resize 61x15")
    #expect(smaller.hasPrefix("TerminalHost 61x15\n"))
    await tmux.run("resize-window -x 1 -y 1")
    await tmux.run("resize-window -x 120 -y 30")
    let larger = await tmux.wait { $0.hasPrefix("TerminalHost 120x30\n") }
    #expect(larger.contains("key:137:23"))
    await tmux.send("q")
    await expectSane(tmux, status: 0)
  }

  @Test(arguments: ["C-z", "TSTP", "STOP"])
  func stopsAndComesBack(by means: String) async {
    let tmux = await Tmux()
    await tmux.type("$H")
    await tmux.wait(for: "job on the first thread")
    if means == "C-z" { await tmux.send("C-z") } else { await tmux.kill(means) }
    if means != "STOP" {
      let stopped = await tmux.wait(for: "Stopped")
      #expect(stopped.contains("before\n"))
      #expect(await tmux.value("alternate_on") == "0")
      await tmux.type("echo typed")
      #expect(await tmux.wait(for: "\ntyped\n").contains("\ntyped\n"))
    } else {
      await tmux.wait(for: "Stopped")
    }
    if means == "STOP" {
      // The plain shell does not set the modes that a stopped program left: there a line ends with a line feed.
      await tmux.run("send-keys -l fg")
      await tmux.send("C-j")
    } else {
      await tmux.type("fg")
    }
    #expect(
      await tmux.wait { $0.hasPrefix("TerminalHost") && !$0.contains("Stopped") }.contains("job on the first thread"))
    await tmux.send("k")
    let text = await tmux.wait(for: "last: key k\n")
    #expect(text.contains("last: key k\n"))
    #expect(!text.contains("Stopped"), "all is painted again")
    await tmux.send("q")
    await tmux.wait(for: "before")
    #expect(await tmux.value("alternate_on") == "0")
  }

  @Test func paintsAgainWhatOthersSpoiled() async {
    let tmux = await Tmux()
    _ = await started(tmux)
    _ = await Tmux.output("printf 'spoiled\\033[3;3Hspoiled' >\(tmux.value("pane_tty"))")
    #expect(await tmux.wait(for: "spoiled").contains("spoiled"))
    await tmux.send("C-l")
    let text = await tmux.wait(for: "last: key C-l\n")
    #expect(text.hasPrefix("TerminalHost 100x24\n"))
    #expect(!text.contains("spoiled"))
  }

  @Test func stopsNothingWhereNobodyCouldContinueIt() async {
    let tmux = await Tmux()
    await tmux.type("exec $H")
    await tmux.wait(for: "job on the first thread")
    await tmux.send("C-z", "j")
    #expect(await tmux.wait(for: "last: key j\n").hasPrefix("TerminalHost 100x24\n"))
  }

  @Test func copiesToTheClipboardOfTheTerminal() async {
    let tmux = await Tmux()
    await tmux.run("set-option -s set-clipboard on")
    _ = await started(tmux)
    await tmux.send("y")
    await tmux.wait(for: "last: key y\n")
    #expect(await tmux.run("show-buffer") == "copied \u{E9}")
  }

  @Test func tellsWhatTheMouseDoesOnlyWhenAsked() async {
    let tmux = await Tmux()
    _ = await started(tmux)
    #expect(await tmux.value("mouse_any_flag") == "0")
    await tmux.send("m")
    await tmux.wait(for: "last: key m\n")
    #expect(await tmux.value("mouse_any_flag") == "1")
    #expect(await tmux.value("mouse_sgr_flag") == "1")
    await tmux.run("send-keys -H 1b 5b 3c 30 3b 31 32 3b 35 4d")
    #expect(await tmux.wait(for: "last: mouse").contains("last: mouse press 11,4\n"))
    await tmux.send("q")
    await expectSane(tmux, status: 0)
    #expect(await tmux.value("mouse_any_flag") == "0")
  }

  @Test func keepsErrorsAway() async {
    let tmux = await Tmux()
    _ = await started(tmux)
    await tmux.send("e")
    #expect(await !tmux.wait(for: "last: key e").contains("warning"))
    await tmux.send("q")
    #expect(await tmux.wait(for: "\nsame\n").contains("\na warning \\x1b[31m of a library\n"))
    await expectSane(tmux, status: 0)
  }

  @Test func ignoresLINES() async {
    let tmux = await Tmux(environment: ["LINES=7", "COLUMNS=33"])
    #expect(await started(tmux).hasPrefix("TerminalHost 100x24\n"))
  }

  @Test(arguments: ["nonsense", "xterm", "linux", "vt100", "screen"])
  func worksWithTERM(_ name: String) async {
    let tmux = await Tmux(terminal: name)
    let text = await started(tmux)
    #expect(text.contains("TerminalHost 100x24"))
    await tmux.send("Down")
    #expect(await tmux.wait(for: "last: key Down\n").contains("last: key Down\n"))
    await tmux.send("q")
    #expect(await tmux.wait(for: "\nsame\n").contains("status 0\n"))
  }

  @Test(arguments: [
    ("TERM=dumb $H", "TERM=dumb cannot move the cursor"), ("TERM= $H", "TERM is not set"),
    ("TERM=unknown $H", "TERM=unknown cannot move the cursor"), ("$H </dev/null", "standard input is not a terminal"),
    ("$H >\"$A.out\"", "standard output is not a terminal"), ("(ulimit -n 9; $H)", "too many open files"),
  ])
  func refusesOtherTerminals(command: String, reason: String) async {
    let tmux = await Tmux(width: 200)
    await tmux.type("\(command); echo \"status $?\"")
    let text = await tmux.wait(for: "status 2\n")
    #expect(text.contains("keyglass: no usable terminal: \(reason)"))
    #expect(text.contains("keyglass ls"))
    #expect(text.contains("status 2\n"))
    await tmux.type("test ! -s \"$A.out\" && echo nothing; rm -f \"$A.out\"")
    #expect(await tmux.wait(for: "\nnothing").contains("\nnothing"))
  }

  @Test(arguments: [("", "NO_COLOR=1"), ("--no-color", "NO_COLOR=")])
  func needsNoColour(option: String, variable: String) async {
    let tmux = await Tmux(environment: [variable])
    _ = await started(tmux, option)
    let text = await tmux.rows("-e")
    #expect(text.matches(of: /\[[34][0-8]/).isEmpty, "no colour at all")
    #expect(text.contains(/;7m/), "the selection is reversed")
  }

  @Test func usesColoursWithAnEmptyNO_COLOR() async {
    let tmux = await Tmux(environment: ["NO_COLOR="])
    _ = await started(tmux)
    #expect(await tmux.rows("-e").contains("38;5;167m"))
  }

  /// With a terminfo entry whose colours from 8 on are 24-bit numbers, as xterm-direct has.
  @Test func sendsColoursOf24Bits() async {
    let tmux = await Tmux()
    let form = "%?%p1%{8}%<%t$3%p1%d%e$38;2;%p1%{65536}%/%d;%p1%{256}%/%{255}%&%d;%p1%{255}%&%d%;m"
    let setaf = #"\E["# + form.replacing("$", with: "")
    let setab = #"\E["# + form.replacing("$3", with: "4")
    let entry =
      "keyglass-direct|a test entry,\n\tRGB, colors#0x1000000, setaf=\(setaf), setab=\(setab), use=xterm-256color,\n"
    #expect(await Tmux.output("printf '%s' \(Tmux.quoted(entry)) | tic -x -o \(tmux.folder)/terminfo -") == "")
    await tmux.type("TERMINFO=${A%/*}/terminfo TERM=keyglass-direct $H")
    await tmux.wait(for: "job on the first thread")
    let colours = await tmux.rows("-e")
    #expect(colours.contains("38;2;224;108;80m"))
    #expect(colours.contains("48;2;0;95;135m"))
    await tmux.send("q")
  }

  /// Where the entry knows 256 colours only, and the terminal says that it has more.
  @Test(arguments: [("truecolor", true), ("24bit", true), ("", false)])
  func sendsColoursOf24BitsWhereTheTerminalSaysSo(colorTerm: String, isDirect: Bool) async {
    let tmux = await Tmux(terminal: "xterm-256color", environment: ["COLORTERM=\(colorTerm)"])
    await tmux.type("TMPDIR=\(tmux.folder) check $H")
    await tmux.wait(for: "job on the first thread")
    let colours = await tmux.rows("-e")
    #expect(colours.contains("38;2;224;108;80m") == isDirect)
    #expect(colours.contains("38;5;167m") == !isDirect)
    #expect(colours.contains("48;5;24m"), "an index stays one")
    #expect(await Tmux.output("ls -d \(tmux.folder)/keyglass-* 2>/dev/null") == "", "nothing is left of the entry")
    await tmux.send("q")
    await expectSane(tmux, status: 0)
  }

  @Test func usesASCIIWhereThereIsNoUTF8() async {
    let tmux = await Tmux(environment: ["LC_ALL=C"])
    let text = await started(tmux)
    #expect(text.utf8.allSatisfy { $0 < 0x80 })
    #expect(text.contains("\n? ? ?  ? ?  ? ?|"))
    #expect(text.contains("\n|   key:"))
  }

  @Test func usesASCIIWhenAsked() async {
    let tmux = await Tmux()
    #expect(await started(tmux, "--plain").contains("\n|   key:"))
  }

  @Test func usesUTF8WithoutALocale() async {
    let tmux = await Tmux(environment: ["LC_ALL="])
    #expect(await started(tmux).contains("\n│   key:"))
  }

  /// The budgets of the design, at 200x50.
  @Test func writesLittle() async throws {
    let tmux = await Tmux(width: 200, height: 50)
    await tmux.type("$H --measure")
    let text = await tmux.wait { $0.contains("repaint") && $0.contains("full") }
    let costs = text.matches(of: /(full|down|same|repaint)[^\n]*? (\d+) bytes (\d+) writes/).map {
      (name: String($0.1), bytes: Int($0.2) ?? -1, writes: Int($0.3) ?? -1)
    }
    #expect(costs.map(\.name) == ["full", "down", "same", "down", "repaint"])
    for cost in costs {
      switch cost.name {
      case "same": #expect(cost.bytes == 0 && cost.writes == 0)
      case "down": #expect((1...600).contains(cost.bytes) && cost.writes == 1)
      default: #expect((1...10_000).contains(cost.bytes) && (1...3).contains(cost.writes))
      }
    }
  }
}
