import Glibc
import TestSupport
import Testing

/// The console in a terminal: what a script cannot reach, as files, the clipboard and other programs.
@Suite("The console in a terminal", .serialized) struct ConsoleTerminalTests {
  private static let size = Tmux.Size(columns: 120, rows: 36)

  /// Keyglass with a state folder of its own, its console open.
  private func open(_ server: TestServer, state: String, environment: [String] = []) throws -> Tmux {
    let terminal = try Tmux(
      [Keyglass.path(), "-s", server.socketPath], size: Self.size,
      environment: ["XDG_STATE_HOME=\(state)"] + environment)
    try terminal.waitFor("NAME")
    try terminal.type(":")
    try terminal.waitFor("db0>")
    return terminal
  }

  /// Types a command, sends it, and waits for what it answers below it.
  ///
  /// - Parameter shown: what of it can be read in the line; nil: all.
  private func send(_ command: String, shown: String? = nil, in terminal: Tmux, answer: String) throws {
    let shown = shown ?? command
    try terminal.type(command)
    try terminal.waitFor("the command in the line") { Self.inLine(shown, $0) }
    try terminal.keys("Enter")
    try terminal.waitFor("'\(answer)'") { $0.contains(answer) && !Self.inLine(shown, $0) }
  }

  private static func inLine(_ command: String, _ screen: String) -> Bool {
    screen.split(separator: "\n").contains { $0.hasPrefix(" db0> \(command)") }
  }

  private func mode(_ path: String) throws -> String { try Run.output(["/usr/bin/stat", "-c", "%a", path]).output }

  private func files(in folder: String) throws -> [String] {
    try Run.output(["/bin/ls", folder]).output.split(separator: "\n").map(String.init)
  }

  private func leave(_ terminal: Tmux) throws {
    try terminal.keys("Escape")
    try terminal.waitFor("the browser") { !$0.contains("db0>") || $0.contains("? help") }
    try terminal.type("q")
    try terminal.waitFor("[exit 0]")
  }

  @Test("what was sent is there in the next run, for this user alone, and without secrets")
  func history() async throws { try await Aside.run { try checkHistory() } }

  private func checkHistory() throws {
    let (server, state) = (try TestServer(), try TestFolder.make())
    defer { TestFolder.remove(state) }
    let first = try open(server, state: state)
    try send("SET greeting hello", in: first, answer: "OK")
    try send("AUTH default sesame", shown: "AUTH ", in: first, answer: "AUTH ***")
    try send("GET greeting", in: first, answer: "\"hello\"")
    #expect(try !first.capture(history: true).contains("sesame"))
    try leave(first)

    let folder = "\(state)/keyglass/history"
    #expect(try mode("\(state)/keyglass") == "700\n")
    #expect(try mode(folder) == "700\n")
    let file = try #require(try files(in: folder).first)
    #expect(try files(in: folder).count == 1)
    #expect(try mode("\(folder)/\(file)") == "600\n")
    #expect(try Run.output(["/bin/cat", "\(folder)/\(file)"]).output == "SET greeting hello\nGET greeting\n")

    let second = try open(server, state: state)
    try second.keys("C-r")
    try second.waitFor("search:")
    try second.type("set gr")
    try second.waitFor("the line that was sent before") {
      $0.contains("search: set gr") && $0.contains("SET greeting hello")
    }
    try second.keys("Enter")
    try second.waitFor("db0> SET greeting hello")
    try server.cli("DEL", "greeting")
    try second.keys("Enter")
    try second.waitFor("OK")
    #expect(try server.cli("GET", "greeting") == "hello")
  }

  @Test("two programs at once: neither loses what the other has sent") func twoAtOnce() async throws {
    try await Aside.run { try checkTwoAtOnce() }
  }

  private func checkTwoAtOnce() throws {
    let (server, state) = (try TestServer(), try TestFolder.make())
    defer { TestFolder.remove(state) }
    let (first, second) = (try open(server, state: state), try open(server, state: state))
    for number in 0..<5 {
      try send("ECHO first\(number)", in: first, answer: "\"first\(number)\"")
      try send("ECHO second\(number)", in: second, answer: "\"second\(number)\"")
    }
    let folder = "\(state)/keyglass/history"
    let file = try #require(try files(in: folder).first)
    let lines = try Run.output(["/bin/cat", "\(folder)/\(file)"]).output.split(separator: "\n").map(String.init)
    #expect(lines == (0..<5).flatMap { ["ECHO first\($0)", "ECHO second\($0)"] })
  }

  @Test("$PAGER shows a reply as it is on the screen") func pager() async throws {
    try await Aside.run { try checkPager() }
  }

  private func checkPager() throws {
    let (server, state) = (try TestServer(), try TestFolder.make())
    defer { TestFolder.remove(state) }
    try server.cli("RPUSH", "list", "one", "two\u{1b}[31m")
    let pager = "\(state)/pager"
    try TerminalRun.write(Array("cat \"$1\"; echo that was it; read line\n".utf8), to: pager)
    let terminal = try open(server, state: state, environment: ["PAGER=/bin/sh \(pager)"])
    try send("LRANGE list 0 -1", in: terminal, answer: "2)")
    try terminal.keys("BTab")
    try terminal.waitFor("show as")
    try terminal.type("o")
    try terminal.waitFor("the whole reply in $PAGER")
    try terminal.type("p")
    let screen = try terminal.waitFor("that was it")
    #expect(screen.contains("1) \"one\"\n2) \"two\\x1b[31m\"\n"), "\(screen)")
    try terminal.keys("Enter")
    try terminal.waitFor("╭─ console")
  }

  @Test("a reply goes to a new file in three forms, and never over one that is there") func file() async throws {
    try await Aside.run { try checkFile() }
  }

  private func checkFile() throws {
    let (server, state) = (try TestServer(), try TestFolder.make())
    defer { TestFolder.remove(state) }
    try server.cli("RPUSH", "list", "one", "two")
    let terminal = try open(server, state: state)
    try send("LRANGE list 0 -1", in: terminal, answer: "2)")
    try terminal.keys("BTab")
    try terminal.waitFor("show as")
    for (name, content) in [
      ("r.txt", "1) \"one\"\n2) \"two\"\n"), ("r.json", "[\"one\",\"two\"]"), ("r", "one\ntwo\n"),
    ] {
      let path = "\(state)/\(name)"
      try save(to: path, in: terminal)
      try terminal.waitFor("written to \(path)")
      let written = try Run.output(["/bin/cat", path]).output
      #expect(written == content)
      #expect(try mode(path) == "600\n")
      try terminal.keys("Up")
      try terminal.waitFor("the message gone") { !$0.contains("written to") }
    }
    let mine = "\(state)/mine"
    try TerminalRun.write(Array("mine\n".utf8), to: mine)
    try save(to: mine, in: terminal)
    try terminal.waitFor("Nothing was overwritten")
    #expect(try Run.output(["/bin/cat", mine]).output == "mine\n")
  }

  private func save(to path: String, in terminal: Tmux) throws {
    try terminal.type("o")
    try terminal.waitFor("the whole reply to a file")
    try terminal.type("f")
    try terminal.waitFor("a new file:")
    try terminal.type(path)
    try terminal.waitFor(path)
    try terminal.keys("Enter")
  }

  @Test("y copies the line, the reply, JSON and the command to the terminal's clipboard") func copying() async throws {
    try await Aside.run { try checkCopying() }
  }

  private func checkCopying() throws {
    let (server, state) = (try TestServer(), try TestFolder.make())
    defer { TestFolder.remove(state) }
    try server.cli("RPUSH", "list", "one", "tw\u{1b}o\n")
    let terminal = try open(server, state: state)
    try send("LRANGE list 0 -1", in: terminal, answer: "2)")
    try terminal.keys("BTab")
    try terminal.waitFor("show as")
    try terminal.type("G")
    for (key, words, copied) in [
      ("v", "what stands on the line", "tw\u{1b}o\n"), ("r", "the reply", "one\ntw\u{1b}o\n"),
      ("j", "the reply as JSON", "[\"one\",\"tw\\u001bo\\n\"]"), ("c", "the command", "LRANGE list 0 -1"),
    ] {
      try terminal.type("y")
      try terminal.waitFor("the whole reply as JSON")
      try terminal.type(key)
      try terminal.waitFor("copied \(words), ")
      let clipboard = try terminal.clipboard()
      #expect(clipboard == copied || clipboard == copied + "\n", "\(clipboard)")
    }
  }

  @Test("text that is pasted into the list without brackets sends nothing, whatever it begins with")
  func pastedCommands() async throws { try await Aside.run { try checkPastedCommands() } }

  private func checkPastedCommands() throws {
    let (server, state) = (try TestServer(), try TestFolder.make())
    defer { TestFolder.remove(state) }
    try server.cli("SET", "a", "1")
    let terminal = try open(server, state: state)
    try terminal.keys("Escape")
    try terminal.waitFor("the browser") { !$0.contains("db0>") }
    try terminal.type(":DEL a\rDEL b\r")
    try terminal.waitFor("db0> DEL a")
    try terminal.waitFor("Enter came together with the key that opened the line")
    #expect(try server.cli("GET", "a") == "1")
    try terminal.keys("C-u")
    try terminal.paste("DEL a\nDEL b\n")
    try terminal.waitFor("DEL b")
    #expect(try server.cli("GET", "a") == "1")
  }
}
