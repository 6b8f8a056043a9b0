import Canvas
import Keyspace
import Requests
import Testing
import Values

@testable import Browser

/// `p` holds still what updates by itself, and nothing else.
@Suite("Pause") struct PauseTests {
  @Test func aPausedScreenStandsStillAndCatchesUp() {
    var harness = Harness.shown()
    harness.tellCount(1)
    harness.type("p")
    harness.advance(8_001)
    harness.forgetEffects()
    let before = harness.text
    #expect(before.contains("[PAUSED]"))
    harness.advance(5_000)
    #expect(harness.text == before)
    #expect(harness.effects.isEmpty)
    harness.send(.changed("k"))
    harness.send(.changed("elsewhere"))
    harness.advance(5_000)
    #expect(harness.effects.isEmpty)
    #expect(harness.text.contains("2 keys changed"))
    harness.type("p")
    #expect(!harness.text.contains("[PAUSED]"))
    #expect(harness.requests(.facts) == [.facts([KeyName("k")])])
    #expect(harness.requests(.scan) == [.pauseScan(false)])
    #expect(harness.requests(.header) == [.serverFacts])
  }

  /// What one opens during a pause is read, and its time left is that of then.
  @Test func duringAPauseOneMayStillLook() {
    var harness = Harness.shown()
    harness.type("p")
    harness.advance(10_000)
    harness.forgetEffects()
    harness.press(.enter)
    #expect(harness.requests(.value).count == 1)
    harness.open("k", .string, .string(StringPage(length: 1, offset: 0, bytes: [0x31])), left: 49_000)
    #expect(harness.text.contains("49s"))
    harness.advance(5_000)
    #expect(harness.text.contains("49s"))
  }

  @Test func theScanRestsDuringAPause() {
    var harness = Harness([], setup: Setup(endpointName: "127.0.0.1:6379", previewDelay: nil))
    harness.add(["a"], phase: .running, serverCount: 100)
    harness.forgetEffects()
    harness.type("p")
    #expect(harness.requests(.scan) == [.pauseScan(true)])
    harness.add(["b"], phase: .paused, serverCount: 100)
    #expect(harness.text.contains("paused 2%"))
  }

  @Test func readingAgainEndsThePause() {
    var harness = Harness.shown()
    harness.type("pR")
    #expect(!harness.text.contains("[PAUSED]"))
    #expect(harness.requests(.scan).last == .rescan)
  }
}
