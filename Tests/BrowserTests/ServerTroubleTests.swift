import Canvas
import Keyspace
import Requests
import Testing
import Values

@testable import Browser

/// A server that is there and cannot be read: it is said once and stands in the header until it is over; what was read
/// and what was typed stays.
@Suite("A server that cannot be read") struct ServerTroubleTests {
  private func failure(_ code: ServerCode) -> Failure {
    Failure(
      kind: .server, what: "reading INFO", why: Array(code.why.utf8), nextStep: code.nextStep(.reading), code: code)
  }

  private func facts(_ change: (inout ServerFacts) -> Void = { _ in }) -> ServerFacts {
    var facts = ServerFacts()
    (facts.product, facts.version, facts.keys) = ("redis", "7.0.15", 1)
    change(&facts)
    return facts
  }

  private func opened() -> Harness {
    var harness = Harness(["a"])
    harness.tell([("a", .string, nil)])
    harness.answer(.header, .server(facts()))
    harness.press(.enter)
    harness.open("a", .string, .string(StringPage(length: 3, offset: 0, bytes: Array("old".utf8))))
    return harness
  }

  @Test("fault 18: a busy server") func busy() {
    var harness = opened()
    harness.advance(1_000)
    harness.answer(.header, .failed(failure(.busy)))
    #expect(harness.row("db0").contains("[STALE]   busy with a script"))
    #expect(harness.row("SCRIPT KILL").contains("the server is busy with a script. It answers when the script ends"))
    // Once: what else is to be said keeps its place.
    harness.state.message = nil
    harness.advance(1_000)
    harness.answer(.header, .failed(failure(.busy)))
    #expect(harness.state.message == nil)
    // What was read stays, and is not taken for new.
    harness.answer(.value, .failed(failure(.busy)))
    #expect(harness.text.contains("old") && harness.text.contains("stale"))
    harness.press(.character("e"))
    #expect(harness.state.overlay == nil)
    #expect(harness.text.contains("the server is busy with a script: what is shown may be old"))
    harness.forgetEffects()
    harness.advance(1_000)
    harness.answer(.header, .server(facts()))
    #expect(!harness.text.contains("STALE") && !harness.text.contains("busy with a script   "))
    // It is read again.
    harness.advance(State.rereadPause)
    #expect(!harness.requests(.value).isEmpty && !harness.requests(.facts).isEmpty)
  }

  @Test("fault 18: what was typed stays in the form") func busyForm() throws {
    var harness = opened()
    harness.press(.character("e"))
    harness.type("er")
    harness.answer(.header, .failed(failure(.busy)))
    harness.press(.enter)
    let id = try #require(harness.state.writes.keys.first)
    let edit = try #require(harness.state.writes[id]?.edits.first)
    let refused = Failure(
      kind: .server, what: "the edit", why: Array(ServerCode.busy.why.utf8),
      nextStep: ServerCode.busy.nextStep(.writing),
      code: .busy)
    harness.send(
      .answer(
        .write, generation: harness.state.generations[.write] ?? 0,
        .written(WriteReport(id: id, kind: .edit, items: [.init(edit: edit, outcome: .refused(refused))]))))
    #expect(harness.text.contains("nothing was written: the server is busy with a script"))
    #expect(harness.text.contains("older"))
    #expect(harness.state.writes.isEmpty)
  }

  @Test(
    "fault 17: a server that loads its data", arguments: [Size(width: 120, height: 36), Size(width: 80, height: 24)])
  func loading(size: Size) {
    var harness = Harness(size: size)
    harness.send(
      .notice(
        .scan(
          ScanProgress(
            database: 0, phase: .running, version: 7, trouble: Array(ServerCode.loading.why.utf8), troubleCode: .loading
          )
        )))
    harness.giveRows()
    harness.answer(.header, .server(facts { ($0.loadingPercent, $0.loadingSecondsLeft, $0.keys) = (43, 12, nil) }))
    #expect(harness.row("db0").contains("loading its data") && harness.row("db0").contains("43%, about 12 s left"))
    #expect(!harness.text.contains("STALE"), "nothing was read that could be old")
    #expect(harness.text.contains("the keys come by themselves when that is done"))
    harness.advance(1_000)
    harness.answer(.header, .server(facts()))
    harness.add(["a"])
    #expect(!harness.text.contains("loading") && harness.text.contains("all 1 keys"))
  }

  @Test("fault 21: the header says whose replica it is") func replica() {
    var harness = opened()
    harness.answer(.header, .server(facts { $0.primary = .init(address: "10.0.0.5:6379", isLinkUp: true) }))
    #expect(harness.row("db0").contains("1 keys   replica of 10.0.0.5:6379"))
    harness.answer(
      .header, .server(facts { $0.primary = .init(address: "\u{1b}[2J:1", isLinkUp: false, secondsDown: 3) }))
    #expect(harness.row("db0").contains(#"replica of \x1b[2J:1, gone for 3 s"#))
    harness.send(.resize(Size(width: 80, height: 24)))
    #expect(harness.row("db0").contains("1 keys   replica") && !harness.row("db0").contains("x1b"))
  }

  @Test("fault 22: a replica that has lost its primary is over it when INFO says so") func primaryDown() {
    var harness = opened()
    let down = facts { $0.primary = .init(address: "10.0.0.5:6379", isLinkUp: false, secondsDown: 12) }
    harness.answer(.header, .server(down))
    #expect(!harness.text.contains("STALE"), "it may serve what it has")
    harness.answer(.value, .failed(failure(.primaryDown)))
    #expect(harness.row("db0").contains("[STALE]   lost its primary (10.0.0.5:6379, gone for 12 s)"))
    harness.advance(1_000)
    harness.answer(.header, .server(down))
    #expect(harness.text.contains("[STALE]"))
    harness.advance(1_000)
    harness.answer(.header, .server(facts { $0.primary = .init(address: "10.0.0.5:6379", isLinkUp: true) }))
    #expect(!harness.row("db0").contains("STALE"))
    #expect(harness.row("db0").contains("replica of 10.0.0.5:6379"))
  }

  /// Under the server's own words.
  @Test func theConsoleHints() {
    var harness = Harness.console()
    for (error, hint) in [
      ("UNKILLABLE Sorry the script already executed write commands", "SHUTDOWN NOSAVE would lose all"),
      ("BUSY Redis is busy running a script.", "SCRIPT KILL ends a script that has written nothing"),
      ("OOM command not allowed when used memory > 'maxmemory'.", "Delete keys, or raise maxmemory"),
    ] {
      harness.run("GET a")
      harness.reply([error], isError: true)
      #expect(harness.text.contains(hint), "\(harness.text)")
    }
    let entries = harness.state.console.entries.count
    harness.run("LPUSH a b")
    harness.reply(["WRONGTYPE Operation against a key"], isError: true)
    #expect(
      harness.state.console.entries.count == entries + 1 && harness.state.console.entries.last?.notes.isEmpty == true)
  }
}
