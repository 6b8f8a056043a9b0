import Glibc
import TestSupport
import Testing

/// The built program against real servers. One after another: each case is a program, a server and often a terminal.
@Suite("End to end", .serialized, .timeLimit(.minutes(5))) struct EndToEnd {
  /// What `make demo` plays where there is no terminal.
  @Test func tourOfTheSampleServer() throws {
    let result = try Keyglass().run(["demo", "--still", "--script", Script.tour])
    #expect(result.status == 0, "\(result.output)")
    #expect(result.output.contains("MARIE"))
    #expect(result.output.contains("leaderboard"))
  }

  /// The line and the screen of a failed expectation, and exit status 1.
  @Test func scriptFailureIsShown() throws {
    let server = try TestServer()
    let program = try Keyglass()
    let path = try program.write("expect [0-9]+ unicorns\n", as: "wrong.keys")
    let result = try program.run(["-s", server.socketPath, "--script", path])
    #expect(result.status == 1)
    #expect(result.output.contains(":1: expect [0-9]+ unicorns"))
    #expect(result.output.contains("╭─ Keys"))
  }

  // MARK: - Connecting

  @Test func refusedConnection() throws {
    let result = try Keyglass().run(["ls", "-p", "1"])
    #expect(result.status == 1)
    #expect(result.output.contains("refused"))
    #expect(result.lines == 1)
  }

  @Test func wrongPassword() throws {
    let server = try TestServer(["--requirepass", "right"])
    let result = try Keyglass().run(["ls", "-s", server.socketPath, "-a", "wrong"])
    #expect(result.status == 1)
    #expect(!result.output.contains("right"))
    #expect(result.output.contains("--askpass") || result.output.contains("password"))
  }

  @Test func passwordFromTheEnvironment() throws {
    let server = try TestServer(["--requirepass", "right"])
    #expect(try server.pipeline([["AUTH", "right"], ["SET", "greeting", "hello"]]).count == 2)
    let result = try Keyglass(environment: ["REDISCLI_AUTH=right"]).run(["ls", "-s", server.socketPath])
    #expect(result.output == "greeting\n")
    #expect(result.status == 0)
  }

  @Test func wrongUsage() throws {
    let result = try Keyglass().run(["--colour", "never"])
    #expect(result.status == 2)
    #expect(result.output.contains("--colour"))
  }

  @Test func noTerminal() throws {
    let server = try TestServer()
    let result = try Keyglass().run(["-s", server.socketPath])
    #expect(result.status == 2)
    #expect(result.output.contains("terminal"))
  }

  // MARK: - ls

  @Test func listing() throws {
    let server = try TestServer()
    try server.pipeline([
      ["SET", "user:1", "a"], ["RPUSH", "user:2", "a", "b"], ["SET", "odd\nname", "b"], ["EXPIRE", "user:1", "9000"],
    ])
    let program = try Keyglass()
    let names = try program.run(["ls", "user:*", "-s", server.socketPath])
    #expect(names.output.split(separator: "\n").sorted() == ["user:1", "user:2"])
    let all = try program.run(["ls", "-s", server.socketPath])
    #expect(all.output.split(separator: "\n").sorted() == [#"odd\x0aname"#, "user:1", "user:2"])
    let long = try program.run(["ls", "user:*", "--long", "-s", server.socketPath]).output
    #expect(try #/(?m)^.*LST.*user:2|user:2.*LST/#.firstMatch(in: long) != nil, "\(long)")
    #expect(try #/2h (29|30)m/#.firstMatch(in: long) != nil, "\(long)")
    let json = try program.run(["ls", "user:2", "--json", "-s", server.socketPath]).output
    #expect(json.hasPrefix("{") && json.contains(#""user:2""#), "\(json)")
  }

  // MARK: - In a terminal

  @Test func terminalStartResizeAndLeave() throws {
    let server = try TestServer()
    try server.populate(2000)
    let terminal = try Tmux(
      [Keyglass.path(), "-s", server.socketPath], size: Tmux.Size(columns: 120, rows: 36))
    try terminal.waitFor("all keys counted") { $0.contains("all 2,000 keys") && $0.contains("╮╭") }
    #expect(try terminal.display("#{alternate_on}") == "1")
    try terminal.resize(Tmux.Size(columns: 70, rows: 20))
    try terminal.waitFor("the stacked layout") { $0.contains("all 2,000 keys") && !$0.contains("╮╭") }
    try terminal.keys("q")
    try terminal.waitFor("[exit 0]")
    #expect(try terminal.display("#{alternate_on} #{cursor_flag}") == "0 1")
    #expect(try terminal.modes() == terminal.modesAtStart())
  }

  /// `ls` on a terminal escapes what that has no character for.
  @Test func listingWithoutUTF8() throws {
    let server = try TestServer()
    try server.cli("SET", "caf\u{E9}", "1")
    let command = [try Keyglass.path(), "ls", "-s", server.socketPath]
    let ascii = try Tmux(["/usr/bin/env", "LC_ALL=C"] + command)
    #expect(try ascii.waitFor("[exit 0]").contains(#"caf\xc3\xa9"#))
    let unicode = try Tmux(command)
    #expect(try unicode.waitFor("[exit 0]").contains("caf\u{E9}"))
  }

  /// Nothing shows what is typed, and after the signal everything does again.
  @Test(arguments: [(SIGTERM, 143), (SIGHUP, 129)])
  func terminalIsSaneAfterASignalWhileThePasswordIsTyped(number: CInt, status: Int) throws {
    let terminal = try Tmux([Keyglass.path(), "-s", "/nowhere/\u{1B}[31m.sock", "--askpass"])
    try terminal.waitFor(#"Password for /nowhere/\x1b[31m.sock"#)
    #expect(try terminal.modes() != terminal.modesAtStart())
    try terminal.type("secret")
    kill(try #require(try terminal.processID()), number)
    let screen = try terminal.waitFor("[exit \(status)]")
    #expect(!screen.contains("secret"))
    #expect(try terminal.modes() == terminal.modesAtStart())
  }

  /// A crash is an internal error, exit status 70; a signal from outside ends with 128 + N.
  @Test(arguments: [(SIGSEGV, 70), (SIGTERM, 143)])
  func terminalIsSaneAfterASignal(number: CInt, status: Int) throws {
    let server = try TestServer()
    try server.populate(2000)
    let terminal = try Tmux([Keyglass.path(), "-s", server.socketPath])
    try terminal.waitFor("NAME")
    let process = try #require(try terminal.processID())
    kill(process, number)
    try terminal.waitFor("[exit \(status)]", seconds: 60)
    #expect(try terminal.display("#{alternate_on} #{cursor_flag}") == "0 1")
    #expect(try terminal.modes() == terminal.modesAtStart())
  }

  /// The server that `keyglass demo` started ends with it, however it ends.
  @Test(arguments: [SIGTERM, SIGKILL]) func sampleServerEndsWithTheProgram(number: CInt) throws {
    let folder = try TestFolder.make()
    defer { TestFolder.remove(folder) }
    let terminal = try Tmux(["/usr/bin/env", "XDG_RUNTIME_DIR=\(folder)", Keyglass.path(), "demo"])
    try terminal.waitFor("NAME")
    let process = try #require(try terminal.processID())
    let entry = try Run.output(["/bin/ls", folder]).output.split(separator: "\n").first
    let socket = "\(folder)/\(try #require(entry, "no folder of a sample server"))/redis.sock"
    #expect(access(socket, F_OK) == 0)
    kill(process, number)
    #expect(Eventually.until { access(socket, F_OK) != 0 })
  }
}

/// Runs of the program that stands beside the tests, with a home of its own and no terminal.
final class Keyglass {
  struct Result: Sendable {
    let output: String
    let status: Int
    var lines: Int { output.split(separator: "\n").count }
  }

  private let home: String
  private let environment: [String]

  init(environment: [String] = []) throws {
    home = try TestFolder.make()
    self.environment = ["HOME=\(home)", "PATH=/usr/bin:/bin", "LANG=C.UTF-8", "TMPDIR=/tmp"] + environment
  }

  deinit { TestFolder.remove(home) }

  static func path() throws -> String { try TestFolder.executable("keyglass") }

  /// Standard output and error together. A program that hangs is ended, with 124.
  ///
  /// - Parameter folder: where it is started; nil: where the tests are.
  func run(_ arguments: [String], in folder: String? = nil) throws -> Result {
    let place = folder.map { ["/usr/bin/env", "-C", $0] } ?? []
    let result = try Run.output(
      place + ["/usr/bin/timeout", "120", Self.path()] + arguments, environment: environment)
    return Result(output: result.output, status: result.status)
  }

  /// A file in the program's home.
  func write(_ text: String, as name: String) throws -> String {
    let path = "\(home)/\(name)"
    try TestFolder.write(text, to: path)
    return path
  }
}
