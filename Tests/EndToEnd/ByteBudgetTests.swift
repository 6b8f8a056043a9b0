import TestSupport
import Testing

/// What the screen costs, in bytes on a real terminal of 200x50: a slow line is a terminal too.
@Suite("Bytes for the terminal", .serialized, .timeLimit(.minutes(5))) struct ByteBudgetTests {
  private static let begin = Array("\u{1b}[?2026h".utf8)
  private static let end = Array("\u{1b}[?2026l".utf8)

  private func run(on server: TestServer, preview: String) async throws -> TerminalRun {
    let run = try await TerminalRun(
      ["-s", server.socketPath], columns: 200, rows: 50, preview: preview)
    try await run.wait(for: "the whole list") { $0.text.contains("all ") && $0.isIdle }
    return run
  }

  @Test func aRowDown() async throws {
    let server = try TestServer()
    try server.populate(200, prefix: "some:longer:name")
    let run = try await run(on: server, preview: "off")
    try await run.press("v")
    try await run.press("jj")
    var spent: [Int] = []
    for _ in 0..<11 {
      let before = run.frame
      try await run.press("j")
      // The header's own second may have come between: it is a frame for itself, and counted too.
      let bytes = run.end(ofUpdate: run.frame.updates) - run.end(ofUpdate: before.updates)
      #expect(run.frame.cursor != before.cursor)
      spent.append(bytes)
    }
    // On a busy machine two frames may come as one.
    #expect((1...600).contains(spent.sorted()[5]), "\(spent)")
  }

  /// Fifty TTLs of a minute to an hour, no two alike, for some seconds.
  @Test func tickingTTLs() async throws {
    let server = try TestServer()
    try server.pipeline((0..<50).map { ["SET", "key:\($0)", "v", "EX", "\(70 + 70 * $0)"] })
    let run = try await run(on: server, preview: "off")
    try await run.press("v")
    let visible = run.frame.text.split(separator: "\n").filter { $0.contains(#/STR .*[0-9]m/#) }
    #expect(visible.count >= 40)
    var spent: [Int] = []
    while spent.count < 5 {
      let before = run.frame
      // A tick: the second that the TTLs show has changed.
      try await run.wait(for: "a tick") { $0.number > before.number && $0.lines != before.lines && $0.isIdle }
      // The header's own second may have come between: it is a frame for itself.
      let frames = (before.updates..<run.frame.updates).map { run.end(ofUpdate: $0 + 1) - run.end(ofUpdate: $0) }
      spent.append(frames.max() ?? 0)
    }
    // On a busy machine two ticks may come as one.
    #expect(spent.sorted()[2] <= 1024, "\(spent)")
    #expect(spent.contains { $0 > 100 }, "\(spent): nothing ticks")
  }

  /// ^L sends everything, as one whole frame in one synchronized update; and twice it is the same.
  @Test func aFullRepaint() async throws {
    let server = try TestServer()
    try server.populate(500, prefix: "some:longer:name")
    let run = try await run(on: server, preview: "10ms")
    try await run.press("v")
    var pictures: [[UInt8]] = []
    for _ in 0..<2 {
      let before = run.frame.updates
      try await run.press("\u{c}")
      let frames = (before..<run.frame.updates).map {
        Array(run.bytes[run.end(ofUpdate: $0)..<run.end(ofUpdate: $0 + 1)])
      }
      let whole = try #require(frames.first { $0.count > 2_000 }, "no frame is a whole one")
      #expect(whole.count < 10 << 10)
      #expect(whole.starts(with: Self.begin) && whole.suffix(Self.end.count).elementsEqual(Self.end))
      // It begins with clearing, so that nothing of before shows through.
      #expect(String(decoding: whole, as: UTF8.self).contains("\u{1b}[2J"))
      pictures.append(whole)
    }
    // But for the header, whose graph may have moved on meanwhile.
    #expect(Self.withoutHeader(pictures[0]) == Self.withoutHeader(pictures[1]))
  }

  /// Once it runs, nothing reaches the terminal but whole frames: not while keys are read, nor after a resize.
  @Test func nothingOutsideOfFrames() async throws {
    let server = try TestServer()
    try server.populate(500, prefix: "some:longer:name")
    let run = try await run(on: server, preview: "10ms")
    let start = run.end(ofUpdate: 1)
    try await run.press("v")
    for (columns, rows) in [(80, 24), (39, 9), (1, 1), (60, 15), (200, 50)] {
      try await run.resize(columns: columns, rows: rows)
      try await run.press("jj")
    }
    try await run.press("\u{c}")
    let bytes = Array(run.bytes[start..<run.end(ofUpdate: run.frame.updates)])
    let text = String(decoding: bytes, as: UTF8.self)
    let outside = text.split(separator: "\u{1b}[?2026l").map {
      $0.prefix(upTo: $0.firstRange(of: "\u{1b}[?2026h")?.lowerBound ?? $0.endIndex)
    }
    let strays = outside.filter { !$0.isEmpty }
    #expect(strays.isEmpty, "\(strays.map { TerminalStream.printable($0.utf8) })")
    #expect(outside.count > 10)
  }

  /// What follows the first motion to the second row.
  private static func withoutHeader(_ frame: [UInt8]) -> Substring {
    let text = String(decoding: frame, as: UTF8.self)
    return text[(text.firstRange(of: #/\u{1b}\[2(;[0-9]+H|d)/#)?.lowerBound ?? text.startIndex)...]
  }
}
