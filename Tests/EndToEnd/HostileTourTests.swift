import Glibc
import TestSupport
import Testing

/// Nothing that a server sends can drive the terminal: the program on a real pseudo-terminal, against a real server full
/// of hostile bytes, through all its screens. Every byte that the terminal gets is judged by a strict reader.
@Suite("A tour through hostile bytes", .serialized, .timeLimit(.minutes(10))) struct HostileTourTests {
  /// One server for all tours: they change nothing.
  static let server = Result {
    let server = try TestServer()
    let count = try HostileSeed.store(on: server)
    return (server: server, keys: count)
  }

  @Test func theSeedIsAsLargeAsItIsSaidToBe() throws {
    #expect(HostileBytes.strings.count >= 3_000)
    #expect(Set(HostileBytes.strings).count == HostileBytes.strings.count)
    let (server, keys) = try Self.server.get()
    #expect(keys >= HostileBytes.strings.count)
    for collection in ["HLEN all:hash", "LLEN all:list", "SCARD all:set", "ZCARD all:zset", "XLEN all:stream"] {
      let reply = try server.cli(collection.split(separator: " ").map(String.init), database: 0)
      #expect(Int(reply) == HostileBytes.strings.count + HostileBytes.long.count, "\(collection)")
    }
  }

  @Test(arguments: [
    ("xterm-256color", "C.UTF-8", true), ("screen", "C.UTF-8", Campaign.isOn), ("vt100", "C.UTF-8", Campaign.isOn),
    ("linux", "C.UTF-8", Campaign.isOn), ("xterm-256color", "C", Campaign.isOn),
  ])
  func nothingDrivesTheTerminal(term: String, locale: String, isWhole: Bool) async throws {
    let (server, keys) = try Self.server.get()
    let run = try await TerminalRun(["-s", server.socketPath], term: term, locale: locale)
    var stops = Emulator.Stops()
    let tour = HostileTour(run: run, isThorough: Campaign.isOn) { stops.add($0, of: run) }
    try await isWhole ? tour.everything() : tour.short()
    #expect(try await run.quit() == 0)
    let violations = try await run.violations(.init(isASCII: locale == "C"))
    #expect(violations.isEmpty, "\(violations.count): \(violations.prefix(5))")
    // The tour was one: it has painted much, and the names are on it.
    #expect(run.bytes.count > 50_000)
    if isWhole, locale != "C", term.hasPrefix("xterm"), Emulator.python != nil {
      let complaint = try await stops.complaint(about: run, columns: 120, rows: 36)
      #expect(complaint == nil)
    }
    // Nobody has written.
    #expect(try Int(server.cli("DBSIZE")) == keys)
  }

  @Test("coming back from $EDITOR sends no OSC, and takes the terminal again")
  func comesBackWithoutOSC() async throws {
    let server = try TestServer()
    try server.cli("SET", "k", "v")
    let run = try await TerminalRun(["-s", server.socketPath], environment: ["EDITOR=true"])
    try await run.press("E", shows: "unchanged: nothing was sent")
    try await run.press("?", shows: "open a key or folder")
    #expect(try await run.violations() == [])
  }

  /// Errors with bytes of somebody's choice: this server takes GETRANGE for EVAL, and the names of the keys are scripts.
  @Test func errorsThatAScriptMadeUp() async throws {
    let server = try TestServer(["--rename-command", "GETRANGE", "READ", "--rename-command", "EVAL", "GETRANGE"])
    let run = try await TerminalRun(["-s", server.socketPath])
    for (bytes, shown) in [
      (#"\27]0;pwned\7"#, #"\x1b]0;pwned\x07"#), (#"\27[?1049h\27[2J"#, #"\x1b[?1049h\x1b[2J"#),
      (#"\155" .. "31m\194\155"#, #"\x9b31m\xc2\x9b"#), (#"\226\128\174nimda"#, #"\xe2\x80\xaenimda"#),
    ] {
      let name = #"return redis.error_reply("ERR made \#(bytes) up")"#
      try server.cli("SET", name, "v")
      let reply = try server.cli("GETRANGE", name, "0", "1")
      try #require(reply.contains("ERR made "), "no such error: \(reply)")
      try await run.press("O")
      try await run.press(name + "\r", shows: "ERR made \(shown) up")
      try await run.press("@", shows: "Commands sent")
      try await run.press("\r", shows: "GETRANGE")
      try await run.press("\u{1b}")
      try await run.press("\u{1b}")
      try await run.press("\u{1b}")
    }
    #expect(try await run.quit() == 0)
    let violations = try await run.violations()
    #expect(violations.isEmpty, "\(violations.count): \(violations.prefix(5))")
  }

  /// ncurses would send what lies in memory before the cells of a single column.
  @Test(arguments: ["screen", "xterm-256color", "vt100", "linux"]) func aSingleColumnStaysBlank(term: String)
    async throws
  {
    let (server, _) = try Self.server.get()
    let run = try await TerminalRun(["-s", server.socketPath], term: term)
    for rows in [1, 2, 5, 24] {
      try await run.resize(columns: 1, rows: rows)
      let start = run.bytes.count
      try await run.press("\u{c}")
      try await run.press("j")
      let sent = String(decoding: run.bytes[start..<run.end(ofUpdate: run.frame.updates)], as: UTF8.self)
      let text = sent.replacing(#/\u{1b}(\[[0-9;?]*[A-Za-z@]|[()=>].?)/#, with: "").filter {
        !"\r\n\u{8}\u{e}\u{f} ".contains($0)
      }
      #expect(text.isEmpty, "\(term), \(rows) rows: \(TerminalStream.printable(sent.utf8))")
    }
    #expect(try await run.violations() == [])
  }

  /// Where there is nothing but ASCII, what is Keyglass's own is ASCII: nothing of it becomes a question mark.
  @Test(arguments: [("C", []), ("C.UTF-8", ["--plain"])] as [(String, [String])])
  func ownTextIsASCII(locale: String, options: [String]) async throws {
    let server = try TestServer()
    try server.populate(20)
    try server.cli("SET", "long", String(repeating: "x", count: 3_000), "EX", "1000")
    let run = try await TerminalRun(["-s", server.socketPath] + options, locale: locale)
    try await run.press(each: ["g", "V", "jjjjjjj", "V"])
    for key in ["", "d", "t", "?", "@", "b", "i", "e"] {
      try await run.press(key)
      let strange = run.frame.text.unicodeScalars.filter { !$0.isASCII }
      #expect(strange.isEmpty, "\(key): \(strange.map(String.init)) in\n\(run.frame.text)")
      try await run.press("\u{1b}")
    }
    #expect(try await run.violations(.init(isASCII: true)) == [])
  }

  @Test func aTerminalThatCannotMoveTheCursorGetsNoEscape() async throws {
    let (server, _) = try Self.server.get()
    let terminal = try PseudoTerminal(
      [Keyglass.path(), "-s", server.socketPath], columns: 80, rows: 24,
      environment: ["TERM=dumb", "LC_ALL=C.UTF-8"])
    #expect(try await terminal.exitStatus() == 2)
    #expect(!terminal.bytes.contains(0x1b))
    #expect(String(decoding: terminal.bytes, as: UTF8.self).contains("TERM=dumb"))
  }
}
