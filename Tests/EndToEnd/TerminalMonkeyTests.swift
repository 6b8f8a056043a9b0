import Glibc
import TestSupport
import Testing

/// Random keys and sizes for the real program on a pseudo-terminal, while others write to the same server.
@Suite("A monkey at the terminal", .serialized, .timeLimit(.minutes(10))) struct TerminalMonkeyTests {
  /// All keys but those that leave the program, and what answers the question whether to leave.
  private static let keys =
    Array("jklhgGvfsbOetadrcuU=<>V*@miozn?/1290:x ywS").map(String.init)
    + ["\r", "\t", "\u{1B}", "\u{1B}", "\u{1B}[A", "\u{1B}[B", "\u{1B}[6~", "\u{1B}[5~", "\u{4}", "\u{15}", "\u{7F}"]

  @Test("neither ends the program nor sends what drives the terminal", arguments: Campaign.isOn ? 1...20 : 1...1)
  func typesAndResizes(seed: Int) async throws {
    let server = try TestServer()
    try server.populate(200)
    try server.cli("HSET", "hash", "f", "\u{1B}[2J\u{202E}v", "g", "한국어")
    let terminal = try PseudoTerminal(
      [Keyglass.path(), "-s", server.socketPath], columns: 100, rows: 30,
      environment: ["TERM=xterm-256color", "LC_ALL=C.UTF-8", "EDITOR=true", "PAGER=true"])
    try await terminal.wait(for: "the first frame") { terminal.bytes.count > 1_000 }
    var random = Seeded(state: UInt64(seed))
    for _ in 0..<(Campaign.isOn ? 500 : 150) {
      if Int.random(in: 0..<8, using: &random) == 0 {
        try terminal.resize(
          columns: Int.random(in: 1...300, using: &random), rows: Int.random(in: 1...100, using: &random))
      } else {
        try await terminal.type(Self.keys.randomElement(using: &random) ?? "j")
      }
      // At a pace that is no paste's: what comes faster is dropped.
      try await Task.sleep(for: .milliseconds(8))
    }
    try terminal.resize(columns: 100, rows: 30)
    try await terminal.waitUntilQuiet()
    let bytes = terminal.bytes
    let violations = try await Aside.run { TerminalStream.violations(in: bytes, rules: .init(allowsClipboard: true)) }
    #expect(violations.isEmpty, "seed \(seed): \(violations.prefix(3))")
    // It is alive, and still does what it is told.
    terminal.signal(SIGTERM)
    #expect(try await terminal.exitStatus() == 143, "seed \(seed)")
  }
}
