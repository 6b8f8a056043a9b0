/// Whether a production server may be written to.
package enum WritingLock: Sendable, Equatable {
  /// It is no production server, or nothing is ever written in this session.
  case none
  case locked
  /// Monotonic ms: then it locks itself, unless a key is pressed before.
  case unlocked(until: Int64)
}
