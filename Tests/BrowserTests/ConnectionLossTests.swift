import Canvas
import Keyspace
import Requests
import Testing
import Values

@testable import Browser

/// The connection is lost: what is said of it, what can still be done, and what is said when it comes back.
@Suite("A lost connection") struct ConnectionLossTests {
  private static func loss(retryIn: Int64?) -> LinkState {
    .lost(
      LinkLoss(
        what: "cannot connect to 10.2.0.14:6379", why: "connection refused", nextStep: "Check that a server runs there",
        retryAt: retryIn.map { 1_001_000 + $0 }))
  }

  /// Lost, and not back so soon that nobody would notice.
  private static func lost(_ state: LinkState = loss(retryIn: 5_000), size: Size = Size(width: 120, height: 36))
    -> Harness
  {
    var harness = Harness.shown(["k", "l"])
    harness.send(.resize(size))
    harness.tellCount(2)
    harness.send(.notice(.link(state)))
    harness.advance(300)
    harness.forgetEffects()
    return harness
  }

  // MARK: - What is said

  @Test("the line under the header says what, why and when, and counts down", arguments: [40, 80, 120])
  func banner(width: Int) {
    var harness = Self.lost(size: Size(width: width, height: 24))
    let line = harness.frame().trimmedRows()[1]
    #expect(line.hasPrefix(" cannot "), "\(line)")
    #expect(line.contains("next try in 5 s"))
    if width >= 80 { #expect(line.contains(": connection refused ") && line.contains("R tries now"), "\(line)") }
    if width >= 120 { #expect(line.contains("10.2.0.14:6379: connection refused")) }
    harness.advance(1_000)
    #expect(harness.frame().trimmedRows()[1].contains("next try in 4 s"))
    // Nothing of the panes is hidden.
    #expect(harness.frame().trimmedRows()[2].hasPrefix("╭─ Keys"))
    #expect(harness.row("STR").contains("▌"))
    harness.send(.notice(.link(.connecting)))
    #expect(harness.frame().trimmedRows()[1].contains("connecting again"))
    harness.send(.notice(.link(.connected)))
    #expect(harness.frame().trimmedRows()[1].hasPrefix("╭─ Keys"))
  }

  @Test func aScreenThatCountsDownIsDrawnOnceASecond() {
    var harness = Self.lost()
    var ticks = 0
    let end = harness.state.now + 4_000
    while harness.state.now < end {
      let next = Browser.nextTick(harness.state)
      harness.advance(next - harness.state.now)
      ticks += 1
    }
    #expect((4...14).contains(ticks), "\(ticks)")
  }

  @Test func whatOnlyTheUserCanMendSaysHow() {
    let harness = Self.lost(Self.loss(retryIn: nil))
    let line = harness.frame().trimmedRows()[1]
    #expect(line.contains("connection refused. Check that a server runs there"))
    #expect(line.contains("R tries now") && !line.contains("next try"))
  }

  @Test func aLossThatIsOverAtOnceIsNotSpokenOf() {
    var harness = Harness.shown()
    harness.send(.notice(.link(Self.loss(retryIn: 100))))
    harness.advance(200)
    #expect(harness.text.contains("[STALE]"))
    #expect(!harness.text.contains("next try"))
    harness.send(.notice(.reconnected(Reconnection(server: .same))))
    harness.send(.notice(.link(.connected)))
    #expect(harness.state.message == nil)
    #expect(!harness.text.contains("[STALE]"))
  }

  @Test func theAgeOfWhatIsShownCounts() {
    var harness = Self.lost()
    harness.advance(1_700)
    #expect(harness.frame().trimmedRows()[0].contains("[STALE] as of 2 s ago"))
    harness.advance(10_000)
    #expect(harness.frame().trimmedRows()[0].contains("as of 12 s ago"))
    harness.advance(120_000)
    #expect(harness.frame().trimmedRows()[0].contains("as of 2m 12s ago"))
  }

  @Test func whatIsShownIsGreyed() {
    var harness = Self.lost()
    func row(_ harness: Harness) -> String {
      let frame = harness.frame()
      let index = frame.trimmedRows().firstIndex { $0.contains("STR") && !$0.contains("▌") } ?? 0
      return frame.roleRows()[index]
    }
    #expect(!row(harness).contains("S") && row(harness).contains("ddd"))
    harness.send(.notice(.link(.connected)))
    #expect(row(harness).contains("SSS"))
  }

  // MARK: - What can still be done

  @Test func readingWhatIsLoadedGoesOn() {
    var harness = Self.lost()
    harness.press(.down)
    #expect(harness.row("▌").contains("l"))
    harness.type("/l")
    harness.giveRows()
    harness.press(.enter)
    #expect(harness.requests(.rows).count > 0)
    #expect(harness.requests(.facts).isEmpty && harness.requests(.header).isEmpty)
  }

  @Test func theKeyThatIsNamedTriesAtOnce() {
    var harness = Self.lost()
    harness.type("R")
    #expect(harness.requests(.link) == [.reconnect])
    harness.forgetEffects()
    harness.press(.function(5))
    #expect(harness.requests(.link) == [.reconnect])
  }

  /// Where `R` is a letter the line does not promise anything of it.
  @Test func inAFieldTheKeyIsNotNamed() {
    var harness = Self.lost()
    harness.type("/")
    #expect(!harness.text.contains("R tries now") && harness.text.contains("next try in"))
  }

  @Test("fault 8: what was typed into a form is still there, and is saved once it is said so again")
  func textIsKept() {
    var harness = Harness.shown()
    harness.press(.enter)
    harness.open("k", .string, .string(StringPage(length: 3, offset: 0, bytes: Array("old".utf8))))
    harness.type("e")
    harness.type("typed")
    harness.send(.notice(.link(Self.loss(retryIn: 500))))
    harness.advance(400)
    #expect(harness.text.contains("oldtyped") && harness.text.contains("next try in"))
    harness.send(.notice(.session(2)))
    harness.send(.notice(.reconnected(Reconnection(server: .same))))
    harness.send(.notice(.link(.connected)))
    #expect(harness.text.contains("oldtyped"))
    guard case .form(let form)? = harness.state.overlay else {
      Issue.record("the form is gone")
      return
    }
    // Its edit is of the connection from before: the Store will not send it.
    #expect(form.session == 1)
  }

  @Test("fault 3: a row that was read before the connection was lost is read again before it is edited")
  func staleRowsAreNotEdited() {
    for key in ["d", "t", "r"] {
      var harness = Self.lost()
      harness.send(.notice(.link(.connected)))
      harness.forgetEffects()
      harness.type(key)
      #expect(harness.state.overlay == nil && harness.requests(.survey).isEmpty, "\(key)")
      harness.tell([("k", .hash, nil), ("l", .string, nil)])
      #expect(harness.state.overlay != nil || !harness.requests(.survey).isEmpty, "\(key)")
    }
  }

  // MARK: - Back again

  private static func reconnection(_ server: Reconnection.Server, keys: Int?) -> Reconnection {
    var found = Reconnection(server: server)
    found.keys = keys
    return found
  }

  private func said(_ found: Reconnection) -> (text: String, harness: Harness) {
    var harness = Self.lost()
    harness.send(.notice(.reconnected(found)))
    harness.send(.notice(.link(.connected)))
    return (String(decoding: harness.state.message?.bytes ?? [], as: UTF8.self), harness)
  }

  @Test("fault 3: what changed is said, each in its own words")
  func changes() {
    #expect(said(Self.reconnection(.same, keys: 5)).text.hasPrefix("connected again after 0 s: the same server"))
    #expect(said(Self.reconnection(.restarted, keys: 0)).text.hasPrefix("server restarted (run id changed), 0 keys"))
    #expect(said(Self.reconnection(.restarted, keys: 1_204)).text.contains("(run id changed), 1,204 keys"))
    #expect(said(Self.reconnection(.another, keys: 1)).text.hasPrefix("another server answers now"))
    let unknown = said(Self.reconnection(.unknown(why: "this user may not run INFO: ask for +info"), keys: nil))
    #expect(unknown.text.contains("whether it is the same server cannot be checked: this user may not run INFO"))
    var role = Self.reconnection(.same, keys: 5)
    role.role = "slave"
    role.primary = "10.0.0.1:6379"
    #expect(said(role).text.contains("role changed: now a replica of 10.0.0.1:6379"))
    role.role = "master"
    #expect(said(role).text.contains("role changed: now a primary:"))
    var version = Self.reconnection(.restarted, keys: 5)
    version.version = "8.2.3"
    #expect(said(version).text.contains("now version 8.2.3"))
    // All but the first read the keys again.
    for found in [role, version, Self.reconnection(.unknown(why: ""), keys: nil)] {
      #expect(said(found).harness.requests(.scan) == [.rescan])
    }
    #expect(said(Self.reconnection(.same, keys: 5)).harness.requests(.scan).isEmpty)
  }

  @Test func marksAreNotOfAnotherServer() {
    for (server, isKept) in [(Reconnection.Server.same, true), (.restarted, true), (.another, false)] {
      var harness = Self.lost()
      harness.type(" ")
      harness.send(.notice(.reconnected(Reconnection(server: server))))
      harness.send(.notice(.link(.connected)))
      #expect(harness.state.list.marked.isEmpty != isKept)
    }
  }

  // MARK: - Slow and silent servers

  @Test("fault 5: a command that is slow is named, with its time, after 300 ms")
  func slowCommands() {
    var harness = Harness.shown()
    harness.tellCount(1)
    harness.press(.enter)
    harness.advance(250)
    #expect(!harness.text.contains("TYPE 0."))
    harness.advance(50)
    #expect(harness.frame().trimmedRows()[0].hasSuffix("TYPE 0.3 s"))
    harness.advance(900)
    #expect(harness.frame().trimmedRows()[0].hasSuffix("TYPE 1.2 s"))
    harness.open("k", .string, .string(StringPage(length: 3, offset: 0, bytes: Array("old".utf8))))
    #expect(!harness.frame().trimmedRows()[0].contains("TYPE"))
  }

  @Test("fault 5: what nobody asked for is not named before a second has passed")
  func slowBackground() {
    var harness = Harness.shown()
    harness.tellCount(1)
    harness.advance(1_000)
    #expect(harness.requests(.header).count == 1)
    harness.advance(900)
    #expect(!harness.text.contains("INFO"))
    harness.advance(100)
    #expect(harness.frame().trimmedRows()[0].hasSuffix("INFO 1.0 s"))
  }

  @Test("fault 4: a silent server is told by the second, and given up by the first ^C, not the second")
  func silence() {
    var harness = Harness.shown()
    harness.tellCount(1)
    harness.advance(1_000)
    harness.advance(4_200)
    harness.forgetEffects()
    #expect(harness.frame().trimmedRows()[1].hasPrefix(" no answer for 4 s"))
    #expect(harness.frame().trimmedRows()[0].contains("[STALE] as of 5 s ago"))
    harness.press(.control("c"))
    #expect(harness.requests(.link) == [.giveUp])
    #expect(!harness.effects.contains { if case .quit = $0 { true } else { false } })
    harness.send(.notice(.link(Self.loss(retryIn: 500))))
    harness.advance(300)
    harness.press(.control("c"))
    #expect(harness.effects.contains { if case .quit = $0 { true } else { false } })
  }

  @Test("fault 4: leaving does not wait for the server")
  func leaving() {
    var harness = Harness.shown()
    harness.advance(5_000)
    harness.forgetEffects()
    harness.type("q")
    #expect(harness.effects.contains(.quit(status: 0)))
  }
}
