import Canvas
import Commands
import Keyspace
import Requests
import Testing
import Values

@testable import Browser

@Suite("The lock of a production server") struct LockTests {
  /// A string `k` on a production server, its facts read.
  private func production(_ setup: Setup = .profile(), size: Size = Size(width: 120, height: 36)) -> Harness {
    var harness = Harness(["k"], size: size, setup: setup)
    harness.tell([("k", .string, nil)])
    harness.press(.enter)
    let page = ValuePage.string(StringPage(length: 5, offset: 0, bytes: Array("value".utf8)))
    harness.answer(
      .value,
      .opened(
        OpenedKey(
          facts: KeyFacts(name: KeyName("k"), type: .known(.string), deadline: .known(.persistent), size: .known(612)),
          inspection: KeyInspection(name: KeyName("k")), page: page, clock: Harness.clock)))
    harness.press(.tab)
    harness.forgetEffects()
    return harness
  }

  /// The gate was told to open, and a form for the TTL holds what was typed.
  private func typing() -> Harness {
    var harness = production()
    harness.unlock()
    harness.press(.character("t"))
    harness.type("2h30m")
    #expect(harness.text.contains("will run"))
    harness.forgetEffects()
    return harness
  }

  @Test("it starts read-only, with its name in row 1, and the name on every frame that comes up") func begins() {
    var harness = production()
    let header = harness.frame().trimmedRows()[0]
    for words in ["prod-cache", "10.0.0.5:6379", "db0", "[RO]"] { #expect(header.contains(words), "\(words)") }
    #expect(harness.state.isReadOnly)
    for key: Key in [.character("b"), .character("?"), .character("@"), .character("C"), .character("i")] {
      harness.press(key)
      let title = harness.frame().trimmedRows().first { $0.contains("prod-cache") && $0.contains("\u{256e}") }
      #expect(title != nil, "\(key)")
      harness.press(.escape)
    }
    harness.press(.character(":"))
    #expect(harness.row("db0>").hasPrefix(" prod-cache db0>"))
  }

  @Test("row 1 has it all in 40 columns") func narrow() {
    let header = production(size: Size(width: 40, height: 12)).frame().trimmedRows()[0]
    for words in ["prod-cache", "db0", "[RO]"] { #expect(header.contains(words), "\(words) in \(header)") }
  }

  @Test(
    "every key that writes is refused, and says what unlocks",
    arguments: ["e", "E", "d", "a", "t", "r", "c", "=", "u", "U"])
  func refuses(key: String) {
    var harness = production()
    harness.type(key)
    #expect(harness.text.contains("read-only: prod-cache is production; L unlocks it"))
    #expect(harness.state.overlay == nil)
    #expect(harness.requests(.write).isEmpty)
  }

  @Test("unlocking asks for the name: nothing else opens it") func unlocks() {
    var harness = production()
    harness.press(.character("L"))
    #expect(harness.text.contains("type prod-cache to confirm"))
    harness.advance(200)
    harness.press(.tab, .enter)
    #expect(harness.text.contains("type prod-cache first, the name of the server"))
    harness.type("prod")
    harness.press(.enter)
    #expect(harness.text.contains("prod is not prod-cache, the name of the server"))
    #expect(harness.state.lock == .locked)
    #expect(harness.locks.isEmpty)
    harness.type("-cache")
    harness.press(.enter)
    #expect(harness.locks == [false])
    let header = harness.frame().trimmedRows()[0]
    #expect(header.contains("[UNLOCKED 15m]"))
    #expect(!header.contains("[RO]"))
    harness.press(.character("t"))
    #expect(harness.text.contains("[Save]"))
  }

  @Test("Esc leaves it locked; L locks it again at once") func locks() {
    var harness = production()
    harness.press(.character("L"))
    harness.advance(200)
    harness.press(.escape)
    #expect(harness.state.lock == .locked)
    harness.unlock()
    harness.forgetEffects()
    harness.press(.character("L"))
    #expect(harness.locks == [true])
    #expect(harness.state.isReadOnly)
  }

  @Test("15 minutes without a key lock it; a key before starts them anew") func lapses() {
    var harness = production()
    harness.unlock()
    harness.forgetEffects()
    harness.advance(14 * 60_000)
    #expect(harness.frame().trimmedRows()[0].contains("[UNLOCKED 1m]"))
    harness.press(.character("j"))
    #expect(harness.frame().trimmedRows()[0].contains("[UNLOCKED 15m]"))
    harness.advance(State.unlockedTime - 1)
    #expect(harness.locks.isEmpty)
    #expect(harness.frame().trimmedRows()[0].contains("[UNLOCKED 1s]"))
    #expect(Browser.nextTick(harness.state) <= harness.state.now + 10)
    harness.advance(1)
    #expect(harness.locks == [true])
    #expect(harness.text.contains("prod-cache is read-only again"))
    #expect(harness.frame().trimmedRows()[0].contains("[RO]"))
    harness.press(.character("d"))
    #expect(harness.text.contains("L unlocks it"))
  }

  @Test("a key that comes after the time does not unlock, whatever clock tells it first") func lateKey() {
    var harness = production()
    harness.unlock()
    harness.forgetEffects()
    harness.state.now += State.unlockedTime
    harness.press(.character("t"))
    #expect(harness.locks == [true])
    #expect(harness.state.overlay == nil)
    #expect(harness.text.contains("L unlocks it"))
  }

  @Test("during a pause it lapses as well") func pauses() {
    var harness = production()
    harness.unlock()
    harness.press(.character("p"))
    harness.forgetEffects()
    #expect(Browser.nextTick(harness.state) <= harness.state.now + 60_000)
    harness.advance(State.unlockedTime)
    #expect(harness.locks == [true])
  }

  @Test("a write under way is not cut: the lock waits for its outcome") func underWay() {
    var harness = typing()
    harness.press(.enter)
    #expect(harness.requests(.write).count == 1)
    harness.advance(State.unlockedTime + 1)
    #expect(harness.locks.isEmpty)
  }

  @Test("an open form stays when it lapses; saving is refused, and what was typed goes on after unlocking")
  func formStays() {
    var harness = typing()
    harness.advance(State.unlockedTime)
    #expect(harness.locks == [true])
    #expect(harness.text.contains("2h30m"))
    harness.press(.enter)
    #expect(harness.requests(.write).isEmpty)
    #expect(harness.text.contains("nothing was sent. What you typed stays."))
    harness.advance(200)
    // Cancel goes back to the form.
    harness.press(.enter)
    #expect(harness.text.contains("2h30m"))
    #expect(harness.requests(.write).isEmpty)
    // And so does ^C.
    harness.press(.enter)
    harness.advance(200)
    harness.press(.control("c"))
    #expect(harness.text.contains("2h30m"))
    harness.press(.enter)
    harness.advance(200)
    harness.type("prod-cache")
    harness.press(.enter)
    #expect(harness.text.contains("unlocked: Enter saves"))
    #expect(harness.text.contains("2h30m"))
    #expect(harness.requests(.write).isEmpty)
    harness.advance(200)
    harness.press(.enter)
    #expect(harness.requests(.write).count == 1)
    #expect(harness.locks == [true, false])
  }

  @Test("a question that stood there when it lapsed sends nothing") func questionStays() {
    var harness = production()
    harness.unlock()
    harness.press(.character("d"))
    guard case .survey(let names, _)? = harness.requests(.survey).last else {
      Issue.record("not asked")
      return
    }
    let facts = KeyFacts(name: names[0], type: .known(.string), deadline: .known(.persistent), size: .known(612))
    harness.answer(.survey, .survey(Survey(facts: [facts], clock: Harness.clock)))
    #expect(harness.text.contains("[Delete]"))
    harness.advance(State.unlockedTime)
    harness.press(.tab, .enter)
    #expect(harness.requests(.write).isEmpty)
    #expect(harness.text.contains("nothing was sent"))
    #expect(harness.text.contains("L unlocks it"))
  }

  @Test("another server behind the same connection is locked") func replaced() {
    var harness = production()
    harness.unlock()
    harness.forgetEffects()
    harness.send(.notice(.reconnected(Reconnection(server: .another))))
    #expect(harness.locks == [true])
    #expect(harness.state.isReadOnly)
  }

  @Test("--read-only and a profile that says so cannot be unlocked") func forGood() {
    var harness = production(.profile(isReadOnly: true))
    harness.press(.character("L"))
    #expect(harness.text.contains("nothing unlocks it"))
    harness.press(.character("d"))
    #expect(harness.text.contains("read-only: nothing is written (started with --read-only)"))
    harness.state.setup.readOnlyCause = "its profile says read-only"
    harness.press(.character("d"))
    #expect(harness.text.contains("(its profile says read-only)"))
    #expect(harness.locks.isEmpty)
  }

  @Test("staging and dev stand in row 1 by name, and are not locked", arguments: [DeploymentStage.staging, .dev])
  func others(stage: DeploymentStage) {
    var harness = production(.profile("shop", stage))
    #expect(harness.frame().trimmedRows()[0].contains("shop 10.0.0.5:6379"))
    #expect(!harness.state.isReadOnly)
    harness.press(.character("L"))
    #expect(harness.text.contains("nothing is locked here"))
    #expect(harness.state.overlay == nil)
  }

  // MARK: - The console

  /// A command was typed, and what it would hit is known.
  private func asked(_ line: String, unlocked: Bool = true) -> Harness {
    var harness = production()
    if unlocked { harness.unlock() }
    harness.tellCount(1_234_567)
    harness.press(.character(":"))
    harness.send(.history([]))
    harness.answer(.consoleTable, .console(.commands(.builtIn)))
    harness.forgetEffects()
    harness.run(line)
    if case .console(.assess)? = harness.requests(.console).last {
      harness.answer(.console, .console(.impact(CommandImpact(lines: [Array("It would hit this.".utf8)]))))
      harness.advance(200)
    }
    return harness
  }

  @Test(
    "what can end all that is there wants the name, and shows what the database holds",
    arguments: [
      "FLUSHALL", "FLUSHDB", "SHUTDOWN NOSAVE", "DEBUG SLEEP 1", "REPLICAOF 10.0.0.9 6379", "SWAPDB 0 1",
      "MIGRATE 10.0.0.9 6379 k 0 1000", "EVAL \"return redis.call('FLUSHALL')\" 0",
    ])
  func grave(line: String) {
    var harness = asked(line)
    #expect(harness.text.contains("db0 holds 1,234,567 keys"))
    #expect(harness.text.contains("type prod-cache to confirm"))
    harness.press(.tab, .enter)
    #expect(harness.sent.isEmpty)
    harness.type("prod-cache")
    harness.press(.enter)
    #expect(harness.sentLines.count == 1)
  }

  @Test("what hurts less wants no name") func slighter() {
    var harness = asked("CONFIG SET maxmemory 1")
    #expect(!harness.text.contains("to confirm"))
    harness.press(.tab, .enter)
    #expect(harness.sentLines == ["CONFIG SET maxmemory 1"])
  }

  @Test("locked, nothing is asked: the gate refuses it") func gate() {
    let harness = asked("FLUSHALL", unlocked: false)
    #expect(harness.sentLines == ["FLUSHALL"])
    #expect(!harness.text.contains("[Send]"))
  }

  @Test("on any other server no name is asked for") func elsewhere() {
    var harness = Harness.console()
    harness.run("FLUSHALL")
    harness.answer(.console, .console(.impact(CommandImpact(lines: [Array("It would hit this.".utf8)]))))
    #expect(!harness.text.contains("to confirm"))
    #expect(harness.text.contains("[Send]"))
  }
}
