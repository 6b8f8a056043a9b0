import Glibc
import TestSupport
import Testing

/// `keyglass exec -f FILE`.
@Suite("exec of a file against a real server") struct ExecFileTests {
  private let server: TestServer
  private let program: Keyglass

  init() throws {
    server = try TestServer()
    program = try Keyglass()
  }

  private func exec(_ file: String, _ options: String...) throws -> Keyglass.Result {
    try program.run(["exec", "-s", server.socketPath] + options + ["-f", file])
  }

  /// A line of a shell, with the program as `$0`, the server's socket as `$1` and `arguments` behind them.
  private func shell(_ line: String, _ arguments: String...) throws -> Run.Result {
    try Run.output(
      ["/usr/bin/timeout", "120", "/bin/sh", "-c", line, try Keyglass.path(), server.socketPath] + arguments)
  }

  private func word(_ text: String) -> String {
    let escaped = text.utf8.map { byte in
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): "\\" + String(UnicodeScalar(byte))
      case 0x20..<0x7F: String(UnicodeScalar(byte))
      default: "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
    }
    return "\"" + escaped.joined() + "\""
  }

  @Test("replies are what redis-cli --raw prints of the same lines", arguments: ["-2", "-3"])
  func raw(version: String) throws {
    try server.pipeline(ReplyCorpus.setup)
    let lines = ReplyCorpus.commands.map { $0.map(word).joined(separator: " ") }
    let file = try program.write(lines.joined(separator: "\n"), as: "commands")
    let theirs = try shell("/usr/bin/redis-cli \(version) --raw -s \"$1\" < \"$2\"", file)
    let ours = try shell("\"$0\" exec \(version) -s \"$1\" -f \"$2\" 2>/dev/null", file)
    #expect(ours.status == 3)
    #expect(ours.output == theirs.output)
    let piped = try shell("\"$0\" exec \(version) -s \"$1\" -f - < \"$2\" 2>/dev/null", file)
    #expect(piped.output == ours.output)
  }

  @Test("errors are told with their line, and counted")
  func errors() throws {
    let file = try program.write(
      "SET s v\n\n# a comment\nHGET s f\nGET 'n\no'\nNOSUCH \"\\x1b\"\nGET s\n", as: "commands")
    let told = try shell("\"$0\" exec -s \"$1\" -f \"$2\" 2>&1 >/dev/null", file)
    #expect(told.status == 3)
    let lines = told.output.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[0] == "\(file):4: (error) WRONGTYPE Operation against a key holding the wrong kind of value")
    #expect(lines[1].hasPrefix("\(file):7: (error) ERR unknown command 'NOSUCH', with args beginning with: '\\x1b'"))
    #expect(lines[2] == "5 commands · 2 errors")
    let json = try shell("\"$0\" exec --json -s \"$1\" -f \"$2\" 2>/dev/null", file)
    #expect(json.output.hasPrefix("\"OK\"\n{\"error\":\"WRONGTYPE"))
    #expect(json.output.hasSuffix("}\n\"v\"\n"))
    let good = try exec(try program.write("PING\nGET s\n", as: "good"))
    #expect(good.status == 0)
    #expect(good.output == "PONG\nv\n")
  }

  @Test("on a terminal only errors and the totals are shown")
  func terminal() async throws {
    let lines = (0..<1000).map { "SET key:\($0) value" }.joined(separator: "\n") + "\nHGET key:1 f\n"
    let file = try program.write(lines, as: "commands")
    let terminal = try PseudoTerminal(
      [Keyglass.path(), "exec", "-s", server.socketPath, "-f", file], columns: 200, rows: 36,
      environment: ["LANG=C.UTF-8", "TERM=xterm", "TMPDIR=/tmp"])
    #expect(try await terminal.exitStatus() == 3)
    let text = String(decoding: terminal.bytes, as: UTF8.self)
    #expect(!text.contains("OK"))
    #expect(text.contains("\(file):1001: (error) WRONGTYPE"))
    // What is drawn meanwhile is taken away again: the last line is the totals alone.
    #expect(text.hasPrefix("256 commands · 0 errors"))
    #expect(text.split(whereSeparator: \.isNewline).last == "1,001 commands · 1 error")
    #expect(try server.cli("DBSIZE") == "1000")
    let plain = try PseudoTerminal(
      [Keyglass.path(), "exec", "--plain", "-s", server.socketPath, "-f", file], columns: 200, rows: 36,
      environment: ["LANG=C.UTF-8", "TERM=xterm", "TMPDIR=/tmp"])
    #expect(try await plain.exitStatus() == 3)
    let shown = String(decoding: plain.bytes, as: UTF8.self)
    #expect(shown.hasPrefix("\(file):1001: "))
    #expect(shown.hasSuffix("1,001 commands, 1 error\r\n"))
  }

  @Test("of a file with a mistake nothing is sent, from a pipe what stood before it")
  func mistake() throws {
    let file = try program.write("SET a 1\nSET b \"2\nSET c 3\n", as: "commands")
    let whole = try exec(file)
    #expect(whole.status == 2)
    #expect(whole.output == "keyglass: \(file):2:7: a quote that is never closed; nothing was sent. Close it.\n")
    #expect(try server.cli("DBSIZE") == "0")
    let piped = try shell("\"$0\" exec -s \"$1\" -f - < \"$2\"", file)
    #expect(piped.status == 2)
    #expect(piped.output.hasPrefix("OK\nkeyglass: standard input:2:7: a quote that is never closed; "))
    #expect(piped.output.hasSuffix("; 1 command was sent by then. Close it.\n"))
    #expect(try server.cli("DBSIZE") == "1")
    let stream = try exec(try program.write("SET d 1\nMONITOR\n", as: "stream"))
    #expect(stream.status == 2)
    #expect(stream.output.contains("stream:2: MONITOR has no end"))
    #expect(try server.cli("EXISTS", "d") == "0")
    let none = try exec("/nosuch/file")
    #expect(none.status == 2)
    #expect(none.output.hasPrefix("keyglass: -f /nosuch/file: no such file or directory. "))
  }

  @Test("read-only lets out what reads, also what only the server knows, and goes on behind the rest")
  func readOnly() throws {
    let lines = "GET a\nSET a 1\nEVAL_RO \"return 7\" 0\nMULTI\nCLIENT KILL ID 1\nPING\n"
    let file = try program.write(lines, as: "commands")
    let told = try shell("\"$0\" exec --read-only -s \"$1\" -f \"$2\" 2>&1 >/dev/null", file)
    #expect(told.status == 1)
    #expect(
      told.output.split(separator: "\n").map { $0.split(separator: ":").dropFirst().prefix(2).joined(separator: ":") }
        == ["2: not sent", "4: not sent", "5: not sent", ""])
    let why = "read-only mode lets out only what is known to read"
    #expect(told.output.hasPrefix("\(file):2: not sent: \(why). Start keyglass without --read-only to send it.\n"))
    #expect(told.output.hasSuffix("\n6 commands · 0 errors · 3 not sent\n"))
    let raw = try shell("\"$0\" exec --read-only -s \"$1\" -f \"$2\" 2>/dev/null", file)
    let line = "not sent: \(why)\n"
    #expect(raw.output == "\n\(line)7\n\(line)\(line)PONG\n")
    let json = try shell("\"$0\" exec --json --read-only -s \"$1\" -f \"$2\" 2>/dev/null", file)
    let object = "{\"notSent\":\"\(why)\"}\n"
    #expect(json.output == "null\n\(object)7\n\(object)\(object)\"PONG\"\n")
    let stats = try server.cli("INFO", "commandstats")
    #expect(!stats.contains("cmdstat_set:") && !stats.contains("cmdstat_multi"))
  }

  @Test("QUIT is answered as the last command, and refused before others")
  func quit() throws {
    let last = try exec(try program.write("SET a 1\nQUIT\n# the end\n", as: "last"))
    #expect(last.status == 0)
    #expect(last.output == "OK\nOK\n")
    let file = try program.write("SET b 1\nQUIT\nPING\n", as: "commands")
    let before = try exec(file)
    #expect(before.status == 2)
    #expect(
      before.output
        == "keyglass: \(file):2: QUIT ends the connection, and line 3 has another command; nothing was sent. "
        + "Take it out, or make it the last one.\n")
    #expect(try server.cli("EXISTS", "b") == "0")
    let piped = try shell("\"$0\" exec -s \"$1\" -f - < \"$2\"", file)
    #expect(piped.status == 2)
    #expect(piped.output.hasPrefix("OK\nOK\nkeyglass: standard input:2: QUIT ends the connection, and line 3 has"))
    #expect(piped.output.contains("; 2 commands were sent by then. "))
  }

  @Test("a count sends a command so often, as in redis-cli, each with its reply")
  func counts() throws {
    let file = try program.write("\u{FEFF}5 INCR n\n2 HGET n f\n700 INCR n\n", as: "commands")
    let told = try shell("\"$0\" exec -s \"$1\" -f \"$2\" 2>&1 >/dev/null", file)
    #expect(told.status == 3)
    #expect(
      told.output.split(separator: "\n").map { $0.prefix(file.count + 3) }.prefix(2) == ["\(file):2:", "\(file):2:"])
    #expect(told.output.hasSuffix("\n707 commands · 2 errors\n"))
    #expect(try server.cli("GET", "n") == "705")
    let same = try program.write("5 INCR m\n3 GET m\n", as: "same")
    let theirs = try shell("/usr/bin/redis-cli --raw -s \"$1\" < \"$2\"", same)
    #expect(try server.cli("DEL", "m") == "1")
    #expect(try exec(same).output == theirs.output)
  }

  @Test("ended by a signal, it says how far it is", arguments: [SIGINT, SIGTERM])
  func ended(signal: CInt) async throws {
    let lines = String(repeating: "PING\n", count: 256) + "INCR n\nBLPOP none 0\nINCR n\n"
    let file = try program.write(lines, as: "commands")
    let terminal = try PseudoTerminal(
      [Keyglass.path(), "exec", "-s", server.socketPath, "-f", file], columns: 200, rows: 36,
      environment: ["LANG=C.UTF-8", "TERM=xterm", "TMPDIR=/tmp"])
    try await terminal.wait(for: "the batch that blocks") {
      try server.cli("INFO", "clients").contains("blocked_clients:1")
    }
    if signal == SIGINT { try await terminal.type("\u{3}") } else { terminal.signal(signal) }
    #expect(try await terminal.exitStatus() == 128 + Int(signal))
    let text = String(decoding: terminal.bytes, as: UTF8.self)
    let name = signal == SIGINT ? "SIGINT" : "SIGTERM"
    #expect(
      text.hasSuffix(
        "\r\nkeyglass: ended by \(name): after 256 commands; what became of the next 3, from \(file):257 on, is not known."
          + " Look at what they changed before you send them again.\r\n"), "\(text)")
  }

  @Test("ended while it waits for more, it says that nothing is under way")
  func endedBetween() throws {
    let line = """
      mkfifo "$2.pipe"; "$0" exec -s "$1" -f "$2.pipe" > "$2" 2>&1 &
      exec 3> "$2.pipe"; printf 'INCR n\nINCR n\n' >&3
      until [ "$(tail -n 1 "$2")" = 2 ]; do :; done
      kill -TERM $!; wait $!; status=$?; cat "$2"; echo "status $status"
      """
    let result = try shell(line, try program.write("", as: "output"))
    #expect(
      result.output == "1\n2\nkeyglass: ended by SIGTERM: after 2 commands; nothing behind them was sent. "
        + "Start again with what is behind them.\nstatus 143\n")
  }

  @Test("a lost connection says what was answered and what is not known")
  func lost() throws {
    let lines = String(repeating: "PING\n", count: 256) + "INCR n\nSHUTDOWN NOSAVE\nINCR n\n"
    let file = try program.write(lines, as: "commands")
    let result = try shell("\"$0\" exec -s \"$1\" -f \"$2\" 2>&1 >/dev/null", file)
    #expect(result.status == 1)
    #expect(
      result.output.contains(
        "keyglass: connection lost: the server closed it, after 256 commands; what became of the next 3, "
          + "from \(file):257 on, is not known. "))
  }

  @Test("a command from a pipe is carried out before the next one is written")
  func slowPipe() throws {
    let line = """
      { echo 'SET ready 1'; until [ "$(/usr/bin/redis-cli -s "$1" GET ready)" = 1 ]; do :; done; echo 'GET ready'; } |
      "$0" exec -s "$1" -f -
      """
    let result = try shell(line)
    #expect(result.status == 0)
    #expect(result.output == "OK\n1\n")
  }

  @Test("values of many bytes arrive as they are")
  func large() throws {
    let value = String(repeating: "0123456789abcde\n", count: 200_000)
    let file = try program.write("SET large \"\(value)\"\nSTRLEN large\nSET small ''\n", as: "commands")
    #expect(try exec(file).output == "OK\n3200000\nOK\n")
    #expect(try server.cli("GETRANGE", "large", "3199980", "-1") == value.suffix(20))
  }

  @Test("its options exclude what makes no sense with them")
  func usage() throws {
    let command = try program.run(["exec", "-f", "x", "PING"])
    #expect(command.status == 2)
    #expect(
      command.output == "keyglass: -f: the file holds the commands, so none may follow. Leave out the command, or -f.\n"
    )
    #expect(try program.run(["ls", "-f", "x"]).output.contains("-f: it is an option of exec"))
  }
}
