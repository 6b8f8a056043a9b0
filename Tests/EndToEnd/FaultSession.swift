import Glibc
import PrivateServer
import TestSupport
import Testing

/// The program in a terminal, for a test that harms one of the two, with a home of its own.
final class FaultSession {
  let terminal: Tmux
  /// Held, so that it lives as long as the program.
  private let server: TestServer?
  /// HOME, and where temporary files and the sample server go.
  let home: String

  /// - Parameters:
  ///   - server: nil: `keyglass demo --still`.
  ///   - address: where it is reached, if not on its own socket.
  ///   - wrapper: a program that becomes keyglass, such as `env TERM=dumb`.
  ///   - interactive: a shell with job control runs it.
  init(
    server: TestServer?, at address: TestAddress? = nil, _ arguments: [String] = [], wrapper: [String] = [],
    size: Tmux.Size = Tmux.Size(columns: 100, rows: 30), environment: [String] = [], interactive: Bool = false
  ) throws {
    let home = try TestFolder.make()
    self.home = home
    self.server = server
    let own = ["HOME", "XDG_RUNTIME_DIR", "TMPDIR", "XDG_CONFIG_HOME", "XDG_STATE_HOME"].map { "\($0)=\(home)" }
    let place: [String] =
      switch address {
      case .unix(let path): ["-s", path]
      case .loopback(let port): ["-p", String(port)]
      case nil: server.map { ["-s", $0.socketPath] } ?? ["demo", "--still"]
      }
    let command = try [Keyglass.path()] + place
    terminal = try Tmux(
      wrapper + command + arguments, size: size, environment: own + environment, interactive: interactive)
  }

  deinit { TestFolder.remove(home) }

  /// A server with a string `k`, which stands first in the list, and two more.
  static func server(_ value: String = "a value") throws -> TestServer {
    let server = try TestServer()
    try server.pipeline([["SET", "k", value], ["SET", "other:1", "1"], ["SET", "other:2", "2"]])
    return server
  }

  /// Waits for the list, then goes where a user may be when it happens.
  func go(to place: Place) throws {
    try terminal.waitFor("list of all keys") { $0.contains("all ") && $0.contains(" keys ") }
    switch place {
    case .list: break
    case .filter: try terminal.type("/zzz")
    case .help: try terminal.type("?")
    case .form:
      try press("a", until: "new key")
      try terminal.type("s")
      try terminal.waitFor("[Save]")
      try terminal.type("new1")
    case .dialog:
      // Flat: a folder cannot be deleted.
      try terminal.type("v")
      try press("d", until: "[Delete]")
    }
    try terminal.waitFor(place.sign)
  }

  /// Presses a key, again where it was refused because the database was only being selected.
  func press(_ key: String, until sign: String) throws {
    for _ in 0..<10 {
      try terminal.keys(key)
      if try Eventually.until(seconds: 2, { try terminal.capture().contains(sign) }) { return }
    }
    try terminal.waitFor(sign)
  }

  func processID() throws -> Int32 { try #require(try terminal.processID(), "the program is gone") }

  /// The terminal is the shell's again, as it was.
  func expectSane(status: Int, location: SourceLocation = #_sourceLocation) throws {
    try terminal.waitFor("[exit \(status)]", seconds: 60)
    #expect(
      try terminal.display("#{alternate_on} #{cursor_flag} #{mouse_any_flag} #{keypad_cursor_flag}") == "0 1 0 0",
      sourceLocation: location)
    #expect(try terminal.modes() == terminal.modesAtStart(), "the modes", sourceLocation: location)
  }

  /// Nothing is left in the home, and the process and its server are gone.
  func expectNothingLeft(of processes: [Int32], location: SourceLocation = #_sourceLocation) throws {
    for process in processes {
      #expect(Eventually.until(seconds: 20) { kill(process, 0) != 0 }, "\(process) runs on", sourceLocation: location)
    }
    var left = ""
    let isEmpty = try Eventually.until {
      left = try Run.output(["/bin/ls", "-A", home]).output
      return left.isEmpty
    }
    #expect(isEmpty, "left: \(left)", sourceLocation: location)
  }

  /// The server of `keyglass demo`.
  func sampleServer() throws -> Int32 {
    let folder = try #require(
      try Run.output(["/bin/ls", home]).output.split(separator: "\n").first, "no sample server")
    var socket = try ServerSocket(path: "\(home)/\(folder)/redis.sock")
    var batch = ServerBatch()
    batch.add(["INFO", "server"])
    let info = try socket.send(batch).last?.text ?? ""
    return try #require(info.firstMatch(of: /process_id:(\d+)/).flatMap { Int32($0.1) })
  }

  /// The letter of the process's state: `T` is stopped.
  func state(of process: Int32) throws -> String {
    let words = try Run.output(["/bin/cat", "/proc/\(process)/stat"]).output.split(separator: " ")
    return words.count > 2 ? String(words[2]) : ""
  }

  /// Brings a stopped program back with the shell's `fg`.
  func bringBack(_ process: Int32) throws {
    #expect(try Eventually.until { try state(of: process) == "T" }, "not stopped")
    #expect(try terminal.modes() == terminal.modesAtStart(), "the modes while it is stopped")
    #expect(try terminal.display("#{alternate_on}") == "0")
    try terminal.type("fg")
    try terminal.keys("Enter")
    #expect(try Eventually.until { try state(of: process) != "T" }, "not continued")
  }

  enum Place: CaseIterable {
    case list
    case filter
    case help
    case form
    case dialog

    /// What the screen shows then.
    var sign: String {
      switch self {
      case .list: "NAME"
      case .filter: "zzz"
      case .help: "open a key or folder"
      case .form: "new1"
      case .dialog: "[Delete]"
      }
    }
  }
}
