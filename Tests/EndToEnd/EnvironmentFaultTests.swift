import Glibc
import TestSupport
import Testing

extension EndToEnd {
  /// Rows 53 to 60 of the fault table: what surrounds the program is not as it should be. (Row 59, jumps of the clock, is
  /// a test of the reducer.)
  @Suite("Faults: the surroundings") struct EnvironmentFaultTests {
    @Test("row 53: standard input closed or no terminal, standard output a file or a pipe; ls works all the same")
    func noTerminal() throws {
      let server = try FaultSession.server()
      let folder = try TestFolder.make()
      defer { TestFolder.remove(folder) }
      // In a terminal, so that the other end of each is one.
      let script = """
        cd \(folder); run() { "$@" -s \(server.socketPath); echo $? >>status; }
        run $K 2>>errors <&-; run $K 2>>errors </dev/null; run $K 2>>errors >file; run $K 2>>errors | cat >pipe
        run $K ls >names <&-; run $K ls >>names </dev/null; run $K ls | cat >>names
        """
      let terminal = try Tmux(["/bin/sh", "-c", script], environment: ["K=\(Keyglass.path())", "HOME=\(folder)"])
      try terminal.waitFor("[exit 0]")
      func text(_ name: String) throws -> String { try Run.output(["/bin/cat", "\(folder)/\(name)"]).output }
      #expect(try text("status").split(separator: "\n") == ["2", "2", "2", "2", "0", "0", "0"])
      let errors = try text("errors").split(separator: "\n")
      #expect(
        errors.count == 4 && errors.allSatisfy { $0.hasPrefix("keyglass: no usable terminal: standard ") }, "\(errors)")
      #expect(try text("file") == "" && text("pipe") == "", "not a byte")
      #expect(try text("names").split(separator: "\n").filter { $0 == "k" }.count == 3)
      #expect(try terminal.modes() == terminal.modesAtStart())
    }

    @Test(
      "row 54: TERM is dumb, unset, or names no terminal",
      arguments: [["TERM=dumb"], ["-u", "TERM"], ["TERM=unknown"]])
    func uselessTerminal(setting: [String]) throws {
      let session = try FaultSession(server: try FaultSession.server(), wrapper: ["/usr/bin/env"] + setting)
      try session.expectSane(status: 2)
      #expect(try session.terminal.capture().contains("keyglass: no usable terminal: TERM"))
    }

    /// As ssh brings it along from a newer machine: what most terminals understand is taken.
    @Test("row 54: TERM names a terminal that is not known here")
    func unknownTerminal() throws {
      let session = try FaultSession(
        server: try FaultSession.server(), wrapper: ["/usr/bin/env", "TERM=xterm-of-tomorrow"])
      try session.go(to: .list)
      try session.terminal.keys("q")
      try session.expectSane(status: 0)
    }

    /// A locale that is not installed is the C locale.
    @Test(
      "row 55: without UTF-8 the frame is ASCII, and an edit leaves the bytes as they were",
      arguments: ["C", "POSIX", "en_US.ISO-8859-1"])
    func otherCharacterSets(locale: String) throws {
      let server = try FaultSession.server()
      let bytes = #"caf\195\169 \255\0\226\128\174z"#
      try server.cli("EVAL", "return redis.call('SET', 'k', '\(bytes)')", "0")
      let session = try FaultSession(server: server, wrapper: ["/usr/bin/env", "LC_ALL=\(locale)"])
      try session.go(to: .list)
      try session.press("e", until: "[Save]")
      let screen = try session.terminal.capture()
      #expect(screen.contains(#"caf\xc3\xa9 \xff\x00\xe2\x80\xaez"#), "\(screen)")
      #expect(screen.utf8.allSatisfy { $0 < 0x80 }, "\(screen)")
      try session.terminal.keys("End", "!", "Enter")
      let check = "return redis.call('GET', 'k') == '\(bytes)!' and 1 or 0"
      #expect(try Eventually.until { try server.cli("EVAL", check, "0") == "1" })
      try session.terminal.waitFor("done")
      try session.terminal.keys("Q")
      try session.expectSane(status: 0)
    }

    /// Of the row: the program saves no settings; what it does write is the trace, and what it leaves after a crash.
    @Test("row 56: the disk of --trace is full, and no folder can be written")
    func fullDisk() throws {
      let nowhere = ["HOME=/proc", "XDG_STATE_HOME=/proc", "XDG_CONFIG_HOME=/proc"]
      let server = try FaultSession.server()
      for (number, status) in [(SIGTERM, 143), (SIGSEGV, 70)] {
        let session = try FaultSession(server: server, ["--trace", "/dev/full"], wrapper: ["/usr/bin/env"] + nowhere)
        try session.go(to: .help)
        kill(try session.processID(), number)
        try session.expectSane(status: status)
      }
      let result = try Keyglass().run(["-s", server.socketPath, "--script", "/dev/null", "--trace", "/proc/none"])
      #expect(result.status == 2 && result.output.hasPrefix("keyglass: --trace /proc/none: "), "\(result.output)")
    }

    @Test(
      "row 57: the config is corrupt, huge, a link, readable by all, or of a later version",
      arguments: [
        ("printf '\\377\\376\\000' >$C", #"config\.yaml"#),
        ("printf 'plain: true\\ntheme: [dark' >$C", #"config\.yaml:\d+"#),
        ("head -c 2000000 /dev/zero | tr '\\0' '#' >$C", #"config\.yaml: larger than 1 MB"#),
        ("ln -s /dev/zero $C", #"config\.yaml: not a regular file"#), ("ln -s $C $C", #"config\.yaml: "#),
        ("printf 'separator: \":\"\\nversion: 99\\nstreams: {}\\n' >$C", #"config\.yaml:2"#),
        // Nothing in it is secret.
        ("printf 'plain: true\\n' >$C; chmod 644 $C", nil),
      ])
    func strangeConfig(making: String, complaint: String?) throws {
      let server = try FaultSession.server()
      let folder = try TestFolder.make()
      defer { TestFolder.remove(folder) }
      let path = "\(folder)/config.yaml"
      func look() throws -> String {
        try Run.output(["/bin/sh", "-c", "stat -c '%a %F %i %Y' \(path); readlink \(path) || cksum <\(path)"]).output
      }
      #expect(try Run.output(["/bin/sh", "-c", "C=\(path); \(making)"]).status == 0)
      let before = try look()
      let program = try Keyglass()
      let script = try program.write("wait-idle\nexpect all 3 keys\nexpect a value\nquit\n", as: "s.keys")
      let result = try program.run(["-s", server.socketPath, "--config", path, "--script", script])
      #expect(result.status == 0, "\(result.output)")
      let isNamed = try complaint.map { try Regex($0).firstMatch(in: result.output) != nil }
      #expect(isNamed ?? result.output.isEmpty, "\(result.output)")
      #expect(try look() == before, "it was touched")
    }

    /// Of the row: no config and no history are saved that could be torn; the config that both read stays as it is.
    @Test("row 58: two programs with one home")
    func twoAtOnce() throws {
      let server = try FaultSession.server()
      let program = try Keyglass()
      let config = try program.write("plain: true\n", as: "config.yaml")
      let script = try program.write("wait-idle\nexpect all 3 keys\nquit\n", as: "s.keys")
      let one = "timeout 60 \(try Keyglass.path()) -s \(server.socketPath) --config \(config) --script \(script)"
      let both = "for i in 1 2 3 4; do \(one) || echo failed & done; wait"
      #expect(try Run.output(["/bin/sh", "-c", both]).output == "")
      #expect(try Run.output(["/bin/cat", config]).output == "plain: true\n")
    }

    @Test("row 60: few open files or little memory are allowed: a message, not a trap")
    func lowLimits() throws {
      let server = try FaultSession.server()
      let folder = try TestFolder.make()
      defer { TestFolder.remove(folder) }
      let script = """
        cd \(folder)
        for limit in "n 6" "n 10" "n 14" "n 18" "v 200000" "v 500000"; do
          for word in "" ls; do (ulimit -$limit; exec $K $word -s \(server.socketPath)) 2>>errors; echo $? >>status; done
        done
        (ulimit -n 64; exec $K ls -s \(server.socketPath)) >names; echo $? >>status
        """
      let terminal = try Tmux(["/bin/sh", "-c", script], environment: ["K=\(Keyglass.path())", "HOME=\(folder)"])
      try terminal.waitFor("[exit 0]", seconds: 60)
      func lines(_ name: String) throws -> [Substring] {
        try Run.output(["/bin/cat", "\(folder)/\(name)"]).output.split(separator: "\n")
      }
      #expect(try lines("status") == Array(repeating: "1", count: 12) + ["0"])
      let errors = try lines("errors")
      #expect(
        errors.count == 12 && errors.allSatisfy { $0.hasPrefix("keyglass: the ") && $0.contains("ulimit -") },
        "\(errors)"
      )
      #expect(try lines("names").sorted() == ["k", "other:1", "other:2"])
      #expect(try terminal.display("#{alternate_on}") == "0")
      #expect(try terminal.modes() == terminal.modesAtStart())
    }
  }
}
