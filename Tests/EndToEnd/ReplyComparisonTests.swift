import TestSupport
import Testing

/// What `keyglass exec` prints, beside what redis-cli prints of the same reply.
@Suite("exec prints what redis-cli prints", .serialized) struct ReplyComparisonTests {
  private static let redisCLI = "/usr/bin/redis-cli"
  private let server: TestServer
  private let program: Keyglass

  init() throws {
    server = try TestServer()
    program = try Keyglass()
    try server.pipeline(ReplyCorpus.setup)
  }

  @Test("in a pipe, byte for byte", arguments: Campaign.isOn ? ["-2", "-3"] : ["-2"])
  func raw(version: String) async throws {
    let server = server
    try await Aside.run { try Self.compareRaw(version, with: server) }
  }

  private static func compareRaw(_ version: String, with server: TestServer) throws {
    let program = try Keyglass()
    for words in ReplyCorpus.commands {
      let theirs = try Run.output([Self.redisCLI, version, "-s", server.socketPath, "--raw"] + words)
      let ours = try program.run(["exec", version, "-s", server.socketPath] + words)
      #expect(ours.output == theirs.output, "\(words)")
    }
    for words in ReplyCorpus.changing {
      let theirs = try Run.output([Self.redisCLI, version, "-s", server.socketPath, "--raw"] + words)
      let ours = try program.run(["exec", version, "-s", server.socketPath] + words)
      #expect(Self.shape(ours.output) == Self.shape(theirs.output), "\(words)")
    }
  }

  @Test("on a terminal", arguments: Campaign.isOn ? ["-2", "-3"] : ["-3"])
  func human(version: String) async throws {
    for words in ReplyCorpus.commands {
      let theirs = try await onTerminal([Self.redisCLI, version, "-s", server.socketPath] + words)
      let ours = try await onTerminal([Keyglass.path(), "exec", version, "-s", server.socketPath] + words)
      #expect(ours == theirs, "\(words)")
    }
    for words in ReplyCorpus.changing {
      let theirs = try await onTerminal([Self.redisCLI, version, "-s", server.socketPath] + words)
      let ours = try await onTerminal([Keyglass.path(), "exec", version, "-s", server.socketPath] + words)
      #expect(Self.shape(ours) == Self.shape(theirs), "\(words)")
    }
  }

  @Test("what redis-cli cannot read is printed in the same manner")
  func beyond() async throws {
    for (words, failure, raw, human) in ReplyCorpus.beyond {
      let theirs = try await onTerminal([Self.redisCLI, "-3", "-s", server.socketPath] + words)
      #expect(theirs.contains(failure), "redis-cli has learned to read it: it belongs to the others")
      #expect(try program.run(["exec", "-3", "--raw", "-s", server.socketPath] + words).output == raw)
      #expect(try await onTerminal([Keyglass.path(), "exec", "-3", "-s", server.socketPath] + words) == human)
    }
  }

  /// What a program writes to its terminal, with the line ends as it wrote them.
  private func onTerminal(_ command: [String]) async throws -> String {
    let terminal = try PseudoTerminal(
      command, columns: 120, rows: 36, environment: ["LANG=C.UTF-8", "TERM=xterm", "TMPDIR=/tmp"])
    _ = try await terminal.exitStatus()
    // INFO ends its lines with CR LF, of which the terminal makes one more CR.
    return String(decoding: terminal.bytes.filter { $0 != 0x0D }, as: UTF8.self)
  }

  /// Without digits, the name of the connection, and the blanks before an element's number.
  private static func shape(_ text: String) -> [String] {
    text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      line.split(separator: " ").map { word in
        word.hasPrefix("name=") ? "name=" : String(word.filter { !$0.isNumber && !".-KMGB".contains($0) })
      }.joined(separator: " ")
    }
  }
}
