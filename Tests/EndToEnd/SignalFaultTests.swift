import Glibc
import TestSupport
import Testing

extension EndToEnd {
  /// Rows 48 to 52 of the fault table: the terminal changes, stops or goes away, and so does the program.
  @Suite("Faults: signals and the terminal") struct SignalFaultTests {
    @Test("row 48: resized to 1x1, to nothing, to huge, and hundreds of times at once")
    func resizes() throws {
      let session = try FaultSession(server: try FaultSession.server())
      let terminal = session.terminal
      try session.go(to: .form)
      for (columns, rows) in [(1, 1), (400, 150), (39, 9), (100, 30)] {
        try terminal.resize(Tmux.Size(columns: columns, rows: rows))
      }
      try terminal.waitFor("new1")
      let tty = try terminal.display("#{pane_tty}")
      let storm = """
        i=0
        while [ $i -lt \(Campaign.isOn ? 2_000 : 200) ]; do
          stty -F \(tty) cols $((i * 7 % 210)) rows $((i * 3 % 70)); i=$((i + 1))
        done
        stty -F \(tty) cols 0 rows 0; stty -F \(tty) cols 1 rows 1; stty -F \(tty) cols 100 rows 30
        """
      #expect(try Run.output(["/bin/sh", "-c", storm]).status == 0)
      // The form is whole again, with what was typed; and keys work.
      try terminal.keys("2")
      try terminal.waitFor("the form") { $0.contains("new12") && $0.contains("[Save]") && $0.contains("╮") }
      try terminal.keys("Escape")
      try terminal.waitFor("[Discard]")
      try session.discard()
      try terminal.keys("Q")
      try session.expectSane(status: 0)
    }

    @Test(
      "row 49: stopped and continued where a user may be",
      arguments: Campaign.isOn ? FaultSession.Place.allCases : [.filter, .form])
    func stopsAndContinues(place: FaultSession.Place) throws {
      let session = try FaultSession(server: try FaultSession.server(), interactive: true)
      try session.go(to: place)
      let process = try session.processID()
      for _ in 0..<(Campaign.isOn ? 100 : 3) {
        kill(process, SIGTSTP)
        try session.bringBack(process)
        try session.terminal.waitFor(place.sign)
      }
      kill(process, SIGTERM)
      #expect(Eventually.until { kill(process, 0) != 0 })
      #expect(try Eventually.until { try session.terminal.modes() == session.terminal.modesAtStart() })
      #expect(try session.terminal.display("#{alternate_on} #{cursor_flag}") == "0 1")
    }

    @Test("row 49: stopped and continued while $EDITOR runs, and the edit arrives")
    func stopsWhileTheEditorRuns() throws {
      let server = try FaultSession.server()
      // It says that it is there, then writes the line that is typed.
      let editor = #"f() { printf 'THE EDITOR'; read -r line; printf '%s' "$line" > "$1"; }; f"#
      let session = try FaultSession(server: server, environment: ["VISUAL=", "EDITOR=\(editor)"], interactive: true)
      let terminal = session.terminal
      try session.go(to: .list)
      let process = try session.processID()
      try session.press("E", until: "THE EDITOR")
      for _ in 0..<(Campaign.isOn ? 50 : 3) {
        try terminal.keys("C-z")
        try session.bringBack(process)
      }
      try terminal.type("typed in the editor")
      try terminal.keys("Enter")
      try terminal.waitFor("[Save]")
      try terminal.keys("Enter")
      #expect(try Eventually.until { try server.cli("GET", "k") == "typed in the editor" })
      try terminal.waitFor("u undoes")
      try terminal.keys("Q")
      #expect(Eventually.until { kill(process, 0) != 0 })
      #expect(try Eventually.until { try terminal.modes() == terminal.modesAtStart() })
    }

    /// Also where the server answers nothing any more. What `$EDITOR` leaves behind is not of this test.
    @Test(
      "row 50: TERM, HUP, INT and QUIT in any state, with the server stopped too",
      arguments: [(SIGTERM, 143), (SIGHUP, 129), (SIGINT, 130), (SIGQUIT, 131)])
    func endsBySignal(number: CInt, status: Int) throws {
      for round in 0..<(Campaign.isOn ? 25 : 2) {
        let place = try #require(FaultSession.Place.allCases.randomElement())
        let session = try FaultSession(server: nil)
        try session.go(to: place)
        let (process, server) = try (session.processID(), session.sampleServer())
        // In turn with a server that answers and one that hangs.
        if (Int(number) + round) % 2 == 1 { kill(server, SIGSTOP) }
        kill(process, number)
        try session.expectSane(status: status)
        try session.expectNothingLeft(of: [process, server])
      }
    }

    @Test(
      "row 51: an internal error restores the terminal and shows nothing of the memory",
      arguments: Campaign.isOn ? [SIGSEGV, SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGABRT] : [SIGSEGV, SIGILL])
    func failsDecently(number: CInt) throws {
      let (password, value) = ("PW_7f3a91c4", "VALUE_5d0be2")
      let server = try TestServer(["--requirepass", password])
      try server.pipeline([["AUTH", password], ["SET", "k", value]])
      let session = try FaultSession(server: server, environment: ["REDISCLI_AUTH=\(password)"])
      // The value is on the screen, and in a field.
      try session.terminal.waitFor(value)
      try session.press("e", until: "[Save]")
      kill(try session.processID(), number)
      try session.expectSane(status: 70)
      let screen = try session.terminal.capture(history: true)
      #expect(screen.matches(of: /keyglass: internal error: SIG/).count == 1, "\(screen)")
      for trace in [password, value, "0x", "Crash", "Backtrace"] {
        #expect(!screen.contains(trace), "\(trace) in \(screen)")
      }
      // Nor in whatever it has left behind.
      #expect(try Run.output(["/bin/grep", "-rlE", "\(password)|\(value)", session.home]).output == "")
    }

    /// Where the hang-up is ignored, as under nohup, the end of the input is what ends it.
    @Test("row 52: the terminal window closed", arguments: [[], ["/usr/bin/env", "--ignore-signal=HUP"]])
    func theWindowCloses(wrapper: [String]) throws {
      for place in Campaign.isOn ? FaultSession.Place.allCases : [.form] {
        let session = try FaultSession(server: nil, wrapper: wrapper)
        try session.go(to: place)
        let (process, server) = try (session.processID(), session.sampleServer())
        try session.terminal.close()
        try session.expectNothingLeft(of: [process, server])
      }
    }

    @Test("row 52: SIGPIPE is not heeded; standard output closed, or read no further")
    func outputEnds() throws {
      let server = try FaultSession.server()
      let session = try FaultSession(server: server)
      try session.go(to: .list)
      kill(try session.processID(), SIGPIPE)
      try session.terminal.keys("?")
      try session.terminal.waitFor("open a key or folder")
      try session.terminal.keys("Q")
      try session.expectSane(status: 0)
      // Many names into a pager that is left after the first, and into nothing.
      try server.populate(50_000)
      let list = "\(try Keyglass.path()) ls -s \(server.socketPath)"
      let lines = try Run.output(["/bin/bash", "-c", "\(list) | head -n 1; echo ${PIPESTATUS[0]}"]).output
      #expect(lines.split(separator: "\n").count == 2 && lines.hasSuffix("\n141\n"), "\(lines)")
      let closed = try Run.output(["/bin/bash", "-c", "\(list) >&-"])
      #expect(closed.status == 1 && closed.output.hasPrefix("keyglass: standard output: "), "\(closed.output)")
    }
  }
}

extension FaultSession {
  /// Discards the form: its dialog drops keys for a moment.
  fileprivate func discard() throws {
    let isDiscarded = try Eventually.until {
      try terminal.keys("Tab", "Enter")
      return try !terminal.capture().contains("[Discard]")
    }
    #expect(isDiscarded)
  }
}
