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
    for number in 0..<2_500 {
      // Other tests wait for their turn on the same few threads.
      if number % 10 == 0 { await Task.yield() }
      guard let fault = monkey.step() else { continue }
      Issue.record("seed \(seed), event \(number), \(monkey.lastEvent): \(fault)")
      return
    }
    // It has been everywhere, or all this says little.
    #expect(monkey.setup.isReadOnly || monkey.writes + monkey.commands > 0, "nothing was written")
    #expect(monkey.setup.isReadOnly || monkey.forms > 0, "no form was opened")
    #expect(monkey.values > 0, "no value was shown")
    #expect(monkey.conditions > 0, "no list was narrowed by TTLs")
    #expect(monkey.commands > 0, "nothing was sent from the console")
    #expect(monkey.setup.isReadOnly || monkey.questions > 0, "nothing was asked before a command")
  }
}
