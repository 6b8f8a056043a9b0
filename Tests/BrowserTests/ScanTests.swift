import Canvas
import Keyspace
import Requests
import Testing
import Values

@testable import Browser

/// What the list says of how much it holds, and what ^C, Esc, R and ^G make of it.
struct ScanTests {
  private static func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  private static func harness(
    _ names: [String] = ["a", "b", "user:1"], filter: String = "", limit: Int = .max,
    size: Size = Size(width: 120, height: 36), _ change: (inout ScanProgress) -> Void = { _ in }
  ) -> Harness {
    var setup = Setup(endpointName: "127.0.0.1:6379", filter: bytes(filter), previewDelay: nil)
    setup.keyLimit = limit
    var harness = Harness(names, size: size, setup: setup)
    tell(&harness, change)
    harness.forgetEffects()
    return harness
  }

  private static func tell(_ harness: inout Harness, _ change: (inout ScanProgress) -> Void) {
    var progress = harness.state.list.scan
    change(&progress)
    harness.send(.notice(.scan(progress)))
  }

  private static func tell(_ harness: inout Harness, _ phase: ServerSearch.Phase, found: Int, visited: Int = 0) {
    tell(&harness) { progress in
      var search = ServerSearch(pattern: bytes("*user*"))
      (search.phase, search.found, search.visited) = (phase, found, visited)
      progress.search = search
    }
  }

  // MARK: - The title

  /// A part of a whole that grows faster is no measure.
  @Test func percentsDoNotRunBackwards() {
    var harness = Self.harness { progress in
      (progress.phase, progress.scanned, progress.serverCount) = (.running, 40, 100)
    }
    #expect(harness.row("Keys").contains("scanning 40%"))
    Self.tell(&harness) { ($0.scanned, $0.serverCount) = (60, 300) }
    #expect(harness.row("Keys").contains("scanning, still growing"))
    Self.tell(&harness) { ($0.scanned, $0.serverCount) = (280, 300) }
    #expect(harness.row("Keys").contains("scanning 93%"))
    // Another scan begins from nothing.
    Self.tell(&harness) { ($0.scanned, $0.isRescan) = (3, true) }
    #expect(harness.row("Keys").contains("rescanning 1%"))
  }

  @Test func aLimitIsSaidAndNothingClaimsAll() {
    var harness = Self.harness { progress in
      (progress.phase, progress.limit) = (.limited, 10_000_000)
      (progress.keys, progress.serverCount) = (10_000_000, 31_000_000)
    }
    #expect(harness.row("Keys").contains(" 10,000,000 of ~31,000,000 keys (limit) "))
    // Once, and with the ways past it.
    let ways = "limit of 10,000,000 keys: --pattern GLOB, ^G in the filter (/), or limits.keys gets at others"
    #expect(harness.text.contains(ways))
    Self.tell(&harness) { $0.serverCount = 10_000_000 }
    #expect(harness.row("Keys").contains("10,000,000 of ~10,000,000 keys (limit)"))
    harness.press(.escape)
    Self.tell(&harness) { $0.version += 1 }
    #expect(!harness.text.contains("its limit"))
    harness.press(.character("?"))
    #expect(harness.text.contains("holds 10,000,000 keys and no more (limits.keys)"))
  }

  @Test func aPatternIsSaid() {
    var harness = Self.harness(["user:1"], filter: "user:*") { progress in
      (progress.pattern, progress.listedPattern) = (Self.bytes("user:*"), Self.bytes("user:*"))
      progress.serverCount = 31_000_000
    }
    #expect(harness.row("Keys").contains("1 key matches user:* · of 31,000,000"))
    Self.tell(&harness) { $0.keys = 1_204 }
    #expect(harness.row("Keys").contains(" 1,204 keys match user:* · of 31,000,000 "))
    Self.tell(&harness) { ($0.phase, $0.limit, $0.keys) = (.limited, 1_000, 1_000) }
    #expect(harness.row("Keys").contains(" 1,000 keys match user:* (limit) "))
    // As many as the server has: it is another thing all the same.
    Self.tell(&harness) { ($0.phase, $0.limit, $0.keys, $0.serverCount) = (.done, nil, 1_204, 1_204) }
    #expect(!harness.row("Keys").contains("all "))
    Self.tell(&harness) { $0.hasOthers = true }
    #expect(harness.row("Keys").contains("1,204 keys: user:* and what ^G found"))
  }

  @Test func progressOfAPatternIsThatOfTheServer() {
    var harness = Self.harness { progress in
      progress.phase = .running
      (progress.pattern, progress.listedPattern) = (Self.bytes("user:*"), Self.bytes("user:*"))
      (progress.scanned, progress.visited, progress.serverCount) = (12, 41_000, 100_000)
    }
    #expect(harness.row("Keys").contains("scanning 41%"))
    Self.tell(&harness) { $0.visited = 400_000 }
    #expect(harness.row("Keys").contains("scanning 99%"))
  }

  /// More than there were: never a number above a hundred.
  @Test func progressNeverPassesAHundred() {
    var harness = Self.harness { ($0.phase, $0.scanned, $0.serverCount) = (.running, 100_000, 100_000) }
    #expect(harness.row("Keys").contains("scanning 99%"))
    Self.tell(&harness) { $0.scanned = 100_001 }
    #expect(harness.row("Keys").contains("scanning, still growing"))
    Self.tell(&harness) { ($0.scanned, $0.serverCount) = (.max, .max) }
    #expect(harness.row("Keys").contains("scanning 99%"))
  }

  // MARK: - The start

  @Test(
    arguments: [
      ("user:*", "user:*"), ("user:1", "user:1"), ("user:* ttl<10m", "user:*"), ("ttl<10m", nil), ("", nil),
      ("ttl<", nil), ("~usr", "~usr"), ("a*b*c*d*e*f*g*h*i*j", nil),
    ] as [(String, String?)])
  func theStartFilterIsAskedOfTheServer(_ filter: String, _ pattern: String?) {
    let harness = Harness(setup: Setup(endpointName: "x", filter: Self.bytes(filter)))
    let scope = IndexScope(pattern: pattern.map(Self.bytes))
    #expect(harness.requests(.database) == [.select(database: 0, scope: scope)])
    #expect(harness.state.list.filter == Self.bytes(filter))
  }

  @Test func theLimitGoesWithEveryDatabase() {
    var harness = Self.harness(limit: 5_000)
    harness.state.switchDatabase(to: 3)
    harness.send(.tick(monotonic: harness.state.now, wall: harness.state.wall))
    #expect(harness.requests(.database) == [.select(database: 3, scope: IndexScope(limit: 5_000))])
  }

  @Test(arguments: [[Key.escape], [.character("/"), .escape, .escape], [.character("/"), .control("u"), .enter]])
  func withoutTheFilterAllIsRead(_ keys: [Key]) {
    var harness = Self.harness(filter: "user:*") { progress in
      (progress.pattern, progress.listedPattern) = (Self.bytes("user:*"), Self.bytes("user:*"))
    }
    for key in keys { harness.press(key) }
    #expect(harness.requests(.scan) == [.rescanAll])
    #expect(harness.text.contains("reading all keys, no longer only user:*"))
    Self.tell(&harness) { progress in
      (progress.pattern, progress.isRescan, progress.phase) = (nil, true, .running)
      (progress.scanned, progress.serverCount) = (10, 100)
    }
    #expect(harness.row("Keys").contains("reading all keys 10%"))
    harness.forgetEffects()
    harness.press(.escape)
    #expect(harness.requests(.scan).isEmpty)
  }

  // MARK: - ^C

  @Test func controlCStopsTheScanFirst() {
    var harness = Self.harness { progress in
      (progress.phase, progress.scanned, progress.keys) = (.running, 412_000, 412_000)
      progress.serverCount = 10_000_000
    }
    harness.press(.control("c"))
    #expect(harness.requests(.scan) == [.stopScan])
    #expect(harness.text.contains("scan stopped: R reads again, ^C quits"))
    Self.tell(&harness) { $0.phase = .stopped }
    #expect(harness.row("Keys").contains(" 412,000 of 10,000,000 keys · R rescans "))
    harness.press(.control("c"))
    #expect(harness.effects.contains(.quit(status: 0)))
  }

  @Test func aStoppedScanNeverClaimsAll() {
    let harness = Self.harness { ($0.phase, $0.keys, $0.serverCount) = (.stopped, 3, 3) }
    #expect(harness.row("Keys").contains("3 of 3 keys · R rescans"))
  }

  /// Where nothing runs, it quits as ever: paused, done, not connected.
  @Test(arguments: [ScanProgress.Phase.paused, .done, .limited, .stopped, .denied])
  func controlCQuitsWhereNothingRuns(_ phase: ScanProgress.Phase) {
    var harness = Self.harness { $0.phase = phase }
    harness.press(.control("c"))
    #expect(harness.effects.contains(.quit(status: 0)))
  }

  @Test func controlCQuitsWithoutAConnection() {
    var harness = Self.harness { $0.phase = .running }
    harness.send(.notice(.link(.lost(why: "connection refused", retryIn: 3_900))))
    harness.press(.control("c"))
    #expect(harness.effects.contains(.quit(status: 0)))
  }

  // MARK: - ^G

  @Test func theFieldSaysWhatTheServerWouldBeAsked() {
    var harness = Self.harness { ($0.keys, $0.serverCount, $0.phase, $0.limit) = (1_000, 31_000_000, .limited, 1_000) }
    harness.type("/us")
    let words = "^G asks the server: SCAN MATCH *[uU][sS]* · about 31,000 calls over 31,000,000 keys"
    #expect(harness.row(" / ").hasSuffix(words))
    harness.send(.resize(Size(width: 80, height: 24)))
    #expect(harness.row(" / ").hasSuffix("^G: SCAN MATCH *[uU][sS]* · about 31,000 calls over 31,000,000 keys"))
    harness.send(.resize(Size(width: 60, height: 15)))
    #expect(harness.row(" / ").hasSuffix("^G asks the server: about 31,000 calls over 31,000,000 keys") == false)
    #expect(harness.row(" / ").contains("^G"))
  }

  @Test func theServerIsAsked() {
    var harness = Self.harness { $0.serverCount = 100_000 }
    harness.type("/user ttl<10m")
    harness.press(.control("g"))
    #expect(harness.state.prompt == nil)
    #expect(harness.state.list.filter == Self.bytes("user ttl<10m"))
    #expect(harness.requests(.search) == [.search(Self.bytes("*[uU][sS][eE][rR]*"))])
    Self.tell(&harness, .running, found: 1_204, visited: 41_000)
    #expect(!Browser.isIdle(harness.state))
    #expect(harness.row("Keys").contains("asking the server 41% · 1,204 found"))
    Self.tell(&harness, .done, found: 1_204, visited: 141_000)
    #expect(harness.row("Keys").contains(" 1,204 found on the server "))
    Self.tell(&harness, .limited, found: 1_204)
    #expect(harness.row("Keys").contains("1,204 found (limit)"))
    Self.tell(&harness, .broken(why: Self.bytes("another server\u{1B} answers now")), found: 12)
    #expect(harness.row("Keys").contains("12 found, the search broke off"))
    #expect(harness.text.contains(#"the search broke off: another server\x1b answers now; ^G asks again"#))
  }

  @Test(arguments: [Key.escape, .control("c")])
  func theSearchIsStopped(_ key: Key) {
    var harness = Self.harness(filter: "user")
    Self.tell(&harness, .running, found: 1_204)
    harness.forgetEffects()
    harness.press(key)
    #expect(harness.requests(.search) == [.endSearch])
    #expect(harness.requests(.scan).isEmpty)
    #expect(harness.text.contains("search stopped: 1,204 found so far"))
    // What it was about stays until it is cleared too.
    #expect(harness.state.list.filter == Self.bytes("user"))
  }

  @Test func anotherFilterEndsTheSearch() {
    var harness = Self.harness(filter: "user")
    Self.tell(&harness, .done, found: 4)
    harness.type("/")
    #expect(harness.requests(.search).isEmpty)
    harness.type("s")
    #expect(harness.requests(.search) == [.endSearch])
    harness.type("t")
    #expect(harness.requests(.search) == [.endSearch])
  }

  @Test(arguments: [
    ("~abcdefgh", "^G asks no server for more than 8 stars"), ("ttl<10m", "^G asks for names: type a text or a glob"),
    ("", "^G asks for names"),
  ])
  func whatIsNotAsked(_ text: String, _ words: String) {
    var harness = Self.harness()
    harness.type("/" + text)
    harness.press(.control("g"))
    #expect(harness.requests(.search).isEmpty)
    #expect(harness.state.prompt != nil)
    #expect(harness.text.contains(words))
  }

  @Test func withoutAConnectionNobodyIsAsked() {
    var harness = Self.harness()
    harness.send(.notice(.link(.lost(why: "connection refused", retryIn: 3_900))))
    harness.type("/user")
    harness.press(.control("g"))
    #expect(harness.requests(.search).isEmpty)
    #expect(harness.text.contains("not connected: the server cannot be asked"))
  }

  // MARK: - The header

  @Test func theHeaderSaysWhatKeyglassSends() {
    var harness = Self.harness()
    harness.tell([("a", .string, nil), ("b", .string, nil), ("user:1", .string, nil)])
    func facts(_ own: Int) -> ServerFacts {
      var facts = ServerFacts()
      (facts.operationsPerSecond, facts.ownCommands, facts.keys, facts.usedMemory) = (22, own, 3, 1 << 20)
      facts.clients = 4
      return facts
    }
    harness.answer(.header, .server(facts(100)))
    #expect(!harness.frame().trimmedRows()[0].contains("ours"))
    harness.advance(1_000)
    harness.answer(.header, .server(facts(103)))
    #expect(harness.frame().trimmedRows()[0].contains("22/s (ours 3/s)"))
    // Where it would push another measure out than the number of clients it goes first.
    let wide = harness.frame().trimmedRows()[0]
    for width in 60...120 {
      harness.send(.resize(Size(width: width, height: 24)))
      let row = harness.frame().trimmedRows()[0]
      var without = harness
      without.state.header.ownPerSecond = nil
      let plain = without.frame().trimmedRows()[0]
      let others = row.replacing(" (ours 3/s)", with: "")
      let isPlain = others == plain || row.contains("ours") && "\(others)   clients 4" == plain
      #expect(isPlain, "at \(width): \(row)")
    }
    #expect(wide.contains("clients 4"))
  }
}
