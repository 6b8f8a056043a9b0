/// How a scan goes on without being a burden: how much it asks for with each call, and how long it leaves the server alone
/// after one.
struct ScanPace: Sendable {
  /// COUNT of the next call.
  private(set) var count: Int
  /// COUNT where nothing is slow.
  private let most: Int
  /// In a row.
  private var slowCalls = 0
  private var emptyCalls = 0

  /// Of one call alone something else may have been the cause.
  private static let patience = 2
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
  /// - Returns: microseconds to wait before the next one.
  mutating func note(took: Int, held: Int, names: Int) -> Int {
    if held > Store.longestCall {
      slowCalls += 1
      if slowCalls >= Self.patience { count = max(1, count / 2) }
    } else {
      slowCalls = 0
      // In between it stays as it is, so that it does not swing.
      if held < Store.longestCall / 2 { count = min(most, count + max(1, most / 32)) }
    }
    emptyCalls = names == 0 ? emptyCalls + 1 : 0
    let rest = emptyCalls > Self.mostEmpty ? max(took, 0) : held > Store.longestCall ? held : 0
    return min(rest, Store.longestRest)
  }
}
