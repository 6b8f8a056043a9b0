import Glibc
import PrivateServer
import TestSupport
import Testing

extension EndToEnd {
  /// A password is found nowhere afterwards, whatever way it came and however the program ends.
  @Suite("Secrets") struct SecretTests {
    static let marker = "PW_7f3a91c4"

    /// How the password gets to the program.
    enum Way: String, CaseIterable, Sendable {
      case option, joinedOption, longOption, joinedLongOption, word, uriOption, environment
      case askpass, promptAtStart, promptAfterWrong, command, file

      func arguments(socket: String) -> [String] {
        let uri = "unix://:\(marker)@\(socket)"
        return switch self {
        case .option: ["-s", socket, "-a", marker]
        case .joinedOption: ["-s", socket, "-a\(marker)"]
        case .longOption: ["-s", socket, "--pass", marker]
        case .joinedLongOption: ["-s", socket, "--pass=\(marker)"]
        case .word: [uri]
        case .uriOption: ["-u", uri]
        case .environment, .promptAtStart: ["-s", socket]
        case .askpass: ["-s", socket, "--askpass"]
        case .promptAfterWrong: ["-s", socket, "-a", "another"]
        case .command, .file: ["@cache"]
        }
      }

      var isTyped: Bool { [.askpass, .promptAtStart, .promptAfterWrong].contains(self) }
      /// Nothing is to come of it where the profile has a source of its own.
      var environment: [String] { [.environment, .command, .file].contains(self) ? ["REDISCLI_AUTH=\(marker)"] : [] }
    }

    /// The program in a terminal with a home and a vault of its own, and every file that it can be made to write.
    final class Session {
      let terminal: Tmux
      let server: TestServer
      let home: String
      let vault: String
      private(set) var seen: [String] = []

      /// - Parameter firstPassword: what is typed at the prompt.
      init(_ way: Way, server: TestServer, firstPassword: String = marker) throws {
        self.server = server
        let (home, vault) = try (TestFolder.make(), TestFolder.make())
        (self.home, self.vault) = (home, vault)
        try Session.write("\(marker)\n", to: "\(vault)/pw", mode: 0o600)
        try Session.write("#!/bin/sh\nenv >\(vault)/environment\ncat \(vault)/pw\n", to: "\(vault)/tell", mode: 0o700)
        mkdir("\(home)/keyglass", 0o700)
        let source = way == .file ? "password-file: \(vault)/pw" : "password-command: [\(vault)/tell]"
        try Session.write(
          "servers: { cache: { socket: \(server.socketPath), \(source) } }\n", to: "\(home)/keyglass/config.yaml")
        let own = ["HOME", "XDG_RUNTIME_DIR", "TMPDIR", "XDG_CONFIG_HOME", "XDG_STATE_HOME"].map { "\($0)=\(home)" }
        terminal = try Tmux(
          [Keyglass.path(), "--trace", "\(home)/trace", "--frames", "\(home)/frames"]
            + way.arguments(socket: server.socketPath), size: Tmux.Size(columns: 100, rows: 30),
          environment: own + way.environment)
        if way.isTyped {
          try look("Password for \(server.socketPath)")
          try terminal.type(firstPassword)
          try terminal.keys("Enter")
        }
        try look("all keys counted") { $0.contains("all 1 keys") || $0.contains("all 1 key") }
      }

      deinit {
        TestFolder.remove(home)
        TestFolder.remove(vault)
      }

      static func write(_ text: String, to path: String, mode: mode_t = 0o600) throws {
        try TestFolder.write(text, to: path)
        chmod(path, mode)
      }

      /// Waits for something on the screen, and keeps what was on it.
      func look(_ text: String) throws { seen.append(try terminal.waitFor(text)) }
      func look(_ what: String, _ condition: (String) -> Bool) throws {
        seen.append(try terminal.waitFor(what, condition))
      }

      func keep() throws { seen.append(try terminal.capture(history: true)) }

      /// Opens the log of commands, at its oldest. A key may be lost that comes right behind an Esc.
      func lookIntoTheLog() throws {
        #expect(
          try Eventually.until {
            if try terminal.capture().contains("Commands sent") { return true }
            try terminal.keys("@")
            usleep(300_000)
            return false
          })
        try terminal.keys("G")
        try look("HELLO 3 AUTH") { $0.contains("HELLO") && $0.contains("***") }
      }

      /// What other processes can see of it.
      func expectCleanProcess() throws {
        let process = try #require(try terminal.processID())
        for name in ["cmdline", "environ"] {
          let bytes = try Run.output(["/bin/cat", "/proc/\(process)/\(name)"]).output
          #expect(!bytes.isEmpty && !bytes.contains(marker), "in its \(name)")
        }
      }

      /// Ends it by a fault, which is when most is left behind, and looks everywhere.
      func expectNoTrace(after number: CInt) throws {
        kill(try #require(try terminal.processID()), number)
        try look("[exit 70]")
        try keep()
        for screen in seen { #expect(!screen.contains(marker), "\(screen)") }
        let found = try Run.output(["/bin/grep", "-rlaF", marker, home, "\(vault)/environment"]).output
        #expect(!found.contains(home) && !found.contains("environment\n"), "\(found)")
        let files = try Run.output(["/usr/bin/find", home, "-type", "f"]).output
        for name in ["trace", "frames", "crash-"] { #expect(files.contains("/\(name)"), "no \(name): \(files)") }
        let cores = try Run.output(["/bin/sh", "-c", "ls core core.* \(home)/core* 2>/dev/null"]).output
        #expect(cores.isEmpty, "\(cores)")
      }
    }

    private static let faults = [SIGSEGV, SIGILL, SIGTRAP, SIGBUS, SIGFPE, SIGABRT]

    private static func server(_ password: String = marker) throws -> TestServer {
      let server = try TestServer(["--requirepass", password])
      try server.pipeline([["AUTH", password], ["SET", "k", "v"]])
      return server
    }

    @Test(
      "whatever way a password comes it is found nowhere, a crash included",
      arguments: zip(Way.allCases, Self.faults + Self.faults))
    func everyWay(way: Way, fault: CInt) throws {
      let session = try Session(way, server: Self.server())
      try session.expectCleanProcess()
      try session.lookIntoTheLog()
      try session.expectNoTrace(after: fault)
    }

    @Test("passwords typed into the console: not in the line, the pane, the history, the log")
    func console() throws {
      let session = try Session(.environment, server: Self.server())
      let terminal = session.terminal
      try terminal.keys(":")
      try session.look("db0>")
      for line in [
        "AUTH \(Self.marker)", "AUTH default \(Self.marker)", "HELLO 3 AUTH default \(Self.marker)",
        "ACL SETUSER me on >\(Self.marker) ~* +@read", "CONFIG SET requirepass \(Self.marker)",
      ] {
        try terminal.type(line)
        try session.look("the masked line") { $0.contains("•••") }
        // Not taken while the command before is under way.
        #expect(
          try Eventually.until {
            try session.keep()
            let screen = try terminal.capture()
            // What changes users is asked about first.
            if screen.contains("[Send]") {
              try terminal.keys("Tab", "Enter")
            } else if screen.contains("•••") {
              try terminal.keys("Enter")
            } else {
              return true
            }
            usleep(200_000)
            return false
          })
      }
      try terminal.type("PING")
      try terminal.keys("Enter")
      try session.look("PONG")
      for _ in 0..<3 {
        try terminal.keys("Up")
        try session.keep()
      }
      // Two at once are another key.
      #expect(
        try Eventually.until {
          try terminal.keys("Escape")
          usleep(300_000)
          return try !terminal.capture().contains("⏎ sends")
        })
      try session.lookIntoTheLog()
      try session.expectCleanProcess()
      try session.expectNoTrace(after: SIGSEGV)
    }

    @Test("fault 14: a rotated password is asked for over the footer, and leaves no trace")
    func rotation() throws {
      let server = try Self.server("before")
      let session = try Session(.promptAfterWrong, server: server, firstPassword: "before")
      let terminal = session.terminal
      try server.pipeline([
        ["AUTH", "before"], ["CONFIG", "SET", "requirepass", Self.marker],
        ["CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"],
      ])
      try session.look("password:")
      try session.look("the server does not accept")
      // What comes within a moment of its opening is not for it.
      #expect(
        try Eventually.until {
          try terminal.type("x")
          return try terminal.capture().contains("password: •")
        })
      try terminal.keys("C-u")
      try terminal.type(Self.marker)
      try session.look("the bullets") { $0.contains("password: " + String(repeating: "•", count: Self.marker.count)) }
      try terminal.keys("Enter")
      // Said in the last row, until it is told which server answers.
      try session.look("the keys") { !$0.contains("[STALE]") && $0.contains("all 1 key") }
      try session.expectCleanProcess()
      try session.expectNoTrace(after: SIGABRT)
    }

    @Test(
      "fault 13: no password, or a wrong one, at the start: asked three times without an echo, and no more",
      arguments: [[], ["-a", "wrong 0"]])
    func threeTries(arguments: [String]) throws {
      let server = try Self.server()
      try server.pipeline([["AUTH", Self.marker], ["CONFIG", "RESETSTAT"]])
      let terminal = try Tmux([Keyglass.path(), "-s", server.socketPath] + arguments)
      for number in 1...3 {
        try terminal.waitFor("prompt \(number)") { $0.split(separator: "Password for ").count == number + 1 }
        try terminal.type("wrong \(number)")
        try terminal.keys("Enter")
      }
      let screen = try terminal.waitFor("[exit 1]")
      #expect(screen.split(separator: "This password is wrong.").count == (arguments.isEmpty ? 3 : 4), "\(screen)")
      #expect(screen.contains("keyglass: not logged in: the server does not accept this user and password."))
      #expect(!screen.contains("wrong 1"))
      #expect(try terminal.modes() == terminal.modesAtStart())
      let errors = try server.pipeline([["AUTH", Self.marker], ["INFO", "errorstats"]]).last?.text ?? ""
      #expect(errors.contains("errorstat_WRONGPASS:count=\(arguments.isEmpty ? 3 : 4)"), "\(errors)")
    }

    @Test("without a terminal nobody is asked, and ls and exec take a profile's source")
    func withoutTerminal() throws {
      let server = try Self.server()
      let refused = try Keyglass().run(["ls", "-s", server.socketPath])
      #expect(refused.status == 1 && refused.lines == 1 && refused.output.contains("the server asks for a password"))
      let program = try Keyglass()
      let password = try program.write("\(Self.marker)\n", as: "pw")
      let config = try program.write(
        """
        servers:
          file: { socket: \(server.socketPath), password-file: \(password) }
          command: { socket: \(server.socketPath), password-command: [cat, \(password)], read-only: true }
          failing: { socket: \(server.socketPath), password-command: [/bin/sh, -c, "echo \(Self.marker) >&2; exit 3"] }

        """, as: "c.yaml")
      chmod(config, 0o600)
      let open = try program.run(["ls", "-u", "@file", "--config", config])
      #expect(open.status == 1 && open.output.contains("chmod 600 \(password)"), "\(open.output)")
      chmod(password, 0o600)
      #expect(try program.run(["ls", "-u", "@file", "--config", config]).output == "k\n")
      #expect(try program.run(["exec", "--config", config, "-u", "@command", "GET", "k"]).output == "v\n")
      let readOnly = try program.run(["exec", "--config", config, "-u", "@command", "DEL", "k"])
      #expect(readOnly.status == 1 && readOnly.output.contains("read-only"), "\(readOnly.output)")
      let failing = try program.run(["ls", "-u", "@failing", "--config", config])
      #expect(failing.status == 1 && failing.lines == 1)
      #expect(failing.output.contains("password-command '/bin/sh': it ended with status 3. Run it by hand"))
      #expect(!failing.output.contains(Self.marker))
      // A group that may write the file decides what runs.
      chmod(config, 0o660)
      let warned = try program.run(["ls", "-u", "@command", "--config", config]).output
      #expect(warned.contains("others may write here") && warned.hasSuffix("k\n"), "\(warned)")
      let unknown = try program.run(["@comand", "--config", config])
      #expect(unknown.status == 2 && unknown.output.contains("Did you mean @command?"), "\(unknown.output)")
    }
  }
}
