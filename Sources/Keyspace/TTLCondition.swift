/// What a key's TTL must be for the key to be listed: `<10m`, `>1d`, `none`, as they stand behind `ttl` in a filter and
/// after `--ttl`.
package enum TTLCondition: Hashable, Sendable {
  /// The key has no TTL.
  case persistent
  /// The key has one, and so many ms are left: more than `above` and less than `below`, where those are given. A key
  /// whose deadline has passed has 0 or less left.
  case left(above: Int64? = nil, below: Int64? = nil)

  /// Whether the condition is met.
  ///
  /// - Parameter serverTime: the server's time in ms.
  /// - Returns: nil where it depends on a deadline that is not known.
  package func isMet(by deadline: Deadline, at serverTime: Int64) -> Bool? {
    switch (self, deadline) {
    case (_, .unknown): nil
    case (.persistent, _): deadline == .persistent
    case (.left, .persistent): false
    case (.left(let above, let below), .at):
      deadline.remaining(at: serverTime).map { left in
        above.map { left > $0 } ?? true && below.map { left < $0 } ?? true
      }
    }
  }

  /// Both conditions at once; nil: no key can meet both.
  package func and(_ other: TTLCondition) -> TTLCondition? {
    guard case (.left(let above, let below), .left(let otherAbove, let otherBelow)) = (self, other) else {
      return self == other ? self : nil
    }
    let (most, least) = ([above, otherAbove].compactMap(\.self).max(), [below, otherBelow].compactMap(\.self).min())
    // Whole milliseconds: the first that is more than `above` has to be less than `below`.
    if let most, let least, most >= least - 1 { return nil }
    return .left(above: most, below: least)
  }

  // MARK: - As text

  /// The forms, for help and complaints.
  package static let forms = "<10m, >1d or none"

  /// Reads `<10m`, `<=10m`, `>1d`, `>=1d` or `none`; times are written as for a TTL (`90`, `90s`, `2h30m`).
  package static func parse(_ text: String) -> Result<TTLCondition, TTLInput.Mistake> {
    if text.lowercased() == "none" { return .success(.persistent) }
    guard let sign = text.first, sign == "<" || sign == ">" else {
      return .failure(.init(text: "'\(text)' is no condition for a TTL: type \(forms)"))
    }
    var rest = text.dropFirst()
    let includesEnd = rest.first == "="
    if includesEnd { rest = rest.dropFirst() }
    return TTLInput.span(rest).map { time in
      // Times are whole milliseconds.
      let step: Int64 = includesEnd ? 1 : 0
      return sign == "<" ? .left(below: time + step) : .left(above: time - step)
    }
  }
}
