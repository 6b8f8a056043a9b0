/// How often numbers that stream in are asked for: about twice a second, and the worker that counts them has three
/// quarters of its time for other things.
struct Pace: Sendable {
  private var askedAt: Int64?
  private var answeredAt: Int64 = .min / 2
  private var took: Int64 = 0

  private static let interval: Int64 = 500
  private static let shortest: Int64 = 50

  mutating func ask(at now: Int64) { askedAt = now }

  mutating func answer(at now: Int64) {
    took = now - (askedAt ?? now)
    answeredAt = now
  }

  /// When what was told may be asked for again, monotonic ms.
  var due: Int64 { answeredAt + max(Self.interval - took, 3 * took) }

  /// The same for what was not told yet.
  var dueForMore: Int64 { answeredAt + max(Self.shortest, took) }
}
