/// How a scan goes on without being a burden: how much it asks for with each call, and how long it leaves the server alone
/// after one.
///
/// A call may be long because of what it asks for, or because somebody else keeps the server, the network or this
/// program. So the shortest of several calls counts, and where asking for half does not make it shorter, more is asked for
/// again.
struct ScanPace: Sendable {
  /// COUNT of the next call.
  private(set) var count: Int
  /// COUNT where nothing is slow.
  private let most: Int
  /// Calls since `count` was judged, and how long the shortest of them held the server, in microseconds.
  private var calls = 0
  private var shortest = Int.max
  /// The same with twice the COUNT; nil: it was not halved just now.
  private var before: Int?
  /// So many judgements more it is not halved, because that did not help.
  private var respite = 0
  /// In a row.
  private var emptyCalls = 0

  /// Calls that a judgement takes; less where they are very long.
  static let window = 8
  private static let veryLong = 20 * Store.longestCall
  /// Judgements, where halving did not help.
  private static let longestRespite = 32
  /// So many calls in a row that bring nothing are no accident: a pattern that hardly any name matches costs the server as
  /// much as one that all match, and there is nothing to show for it.
  static let mostEmpty = 256

  init(most: Int) {
    self.most = max(1, most)
    count = self.most
  }

  /// Takes in a call.
  ///
  /// - Parameters:
  ///   - took: microseconds until it was answered.
  ///   - held: those of them in which the server was busy with it, as far as is known.
  ///   - names: how many it brought.
  /// - Returns: microseconds to wait before the next one: as long as a call that was too long.
  mutating func note(took: Int, held: Int, names: Int) -> Int {
    calls += 1
    shortest = min(shortest, held)
    if calls >= Self.window || calls >= 2 && shortest > Self.veryLong { judge() }
    emptyCalls = names == 0 ? emptyCalls + 1 : 0
    let rest = emptyCalls > Self.mostEmpty ? max(took, 0) : held > Store.longestCall ? held : 0
    return min(rest, Store.longestRest)
  }

  private mutating func judge() {
    defer { (calls, shortest) = (0, .max) }
    respite = max(0, respite - 1)
    guard shortest > Store.longestCall else {
      before = nil
      // In between it stays as it is, so that it does not swing.
      if shortest < Store.longestCall / 2 { count = min(most, count + max(1, most / 8)) }
      return
    }
    // Half of the work in as good as half of the time.
    if let before, shortest > before / 8 * 5 {
      (self.before, respite) = (nil, Self.longestRespite)
      count = min(most, count * 2)
    } else if respite == 0, count > 1 {
      before = shortest
      count /= 2
    }
  }
}
