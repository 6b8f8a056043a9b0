/// Notices a SCAN that would never end: one whose cursors go in circles, or one that always has another cursor and nothing
/// new to tell.
///
/// No honest scan comes back to a cursor that it went on from. A cursor is remembered and the returns to it are
/// counted; another one is remembered at calls 1, 2, 4, 8 …, so that a circle of any length is found (Brent's method).
struct CursorWatch: Sendable {
  private var remembered: UInt64?
  private var calls = 0
  private var returns = 0
  /// The most names that were known.
  private var known = 0
  /// The sum of COUNT since there were more.
  private var fruitless = 0

  /// So often is no accident.
  private static let mostReturns = 100
  static let complaint = "the server's SCAN does not end"

  /// Takes the next cursor. True when the scan goes in circles.
  mutating func isCircling(_ cursor: UInt64) -> Bool {
    calls += 1
    if cursor == remembered { returns += 1 }
    if calls & (calls - 1) == 0 { (remembered, returns) = (cursor, 0) }
    return returns >= Self.mostReturns
  }

  /// Takes a call with its COUNT and how many names are known after it. True when an honest server would be through.
  ///
  /// A server goes through each slot of its table at most about twice, ten for each of COUNT where slots are empty
  /// (scanGenericCommand). The table has no more than some ten slots a key, but for one that was just emptied: 2^27 are a
  /// thousand million such slots.
  mutating func isFruitless(count: Int, known: Int, serverCount: Int?) -> Bool {
    if known > self.known { (self.known, fruitless) = (known, 0) } else { fruitless += count }
    return fruitless > Self.patience(serverCount: serverCount)
  }

  /// The sum of COUNT that may bring nothing. Where the server's count is not known there may be very many keys.
  static func patience(serverCount: Int?) -> Int {
    (1 << 27) + 64 * max(0, min(serverCount ?? (1 << 24), 1 << 40))
  }
}
