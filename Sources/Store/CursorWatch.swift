/// Notices a SCAN whose cursors go in circles, so that it would never end.
///
/// No honest scan comes back to a cursor that it went on from. A cursor is remembered and the returns to it are
/// counted; another one is remembered at calls 1, 2, 4, 8 …, so that a circle of any length is found (Brent's method).
struct CursorWatch: Sendable {
  private var remembered: UInt64?
  private var calls = 0
  private var returns = 0

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
}
