import Canvas
import Glibc
import TestSupport
import Testing

@testable import Browser

/// Random events against the reducer and the drawing: nothing traps, every frame is whole, and nothing is written that
/// nobody has confirmed.
@Suite("Monkey") struct MonkeyTests {
  /// One seed that failed, or many.
  static let seeds: Range<UInt64> = {
    if let seed = getenv("KEYGLASS_MONKEY").flatMap({ UInt64(String(cString: $0)) }) { return seed..<seed + 1 }
    return 0..<(Campaign.isOn ? 400 : 6)
  }()

  @Test("2,500 events a seed", arguments: seeds) func typesAnything(seed: UInt64) async {
    // Where it traps, these are the last words.
    print("monkey \(seed): again with KEYGLASS_MONKEY=\(seed) swift test --filter MonkeyTests")
    var monkey = Monkey(seed: seed)
    // Longer where it has not been everywhere yet.
    for number in 0..<10_000 where number < 2_500 || !monkey.hasBeenEverywhere {
      // Other tests wait for their turn on the same few threads.
      if number % 10 == 0 { await Task.yield() }
      guard let fault = monkey.step() else { continue }
      Issue.record("seed \(seed), event \(number), \(monkey.lastEvent): \(fault)")
      return
    }
    // Or all this says little.
    #expect(monkey.setup.isReadOnly || monkey.writes + monkey.commands > 0, "nothing was written")
    #expect(monkey.setup.isReadOnly || monkey.forms > 0, "no form was opened")
    #expect(monkey.setup.stage != .prod || monkey.setup.isReadOnly || monkey.unlocks > 0, "never unlocked")
    #expect(monkey.switches > 0, "never on another server")
    #expect(monkey.composeRuns > 0, "no Compose command was run")
    #expect(monkey.values > 0, "no value was shown")
    #expect(monkey.conditions > 0, "no list was narrowed by TTLs")
    #expect(monkey.commands > 0, "nothing was sent from the console")
    // What a locked server is not asked to do needs no question.
    #expect(
      monkey.setup.isReadOnly || monkey.setup.stage == .prod || monkey.questions > 0,
      "nothing was asked before a command")
  }
}
