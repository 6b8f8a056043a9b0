/// A TTL for many keys as it is typed: as for one key, or a range that they are spread over (`10m..20m`, `+0..10m`).
package enum BulkTTLInput: Equatable, Sendable {
  /// The same for all.
  case same(TTLInput)
  /// Another one for each, between these milliseconds from now.
  case spread(ClosedRange<Int64>)
  /// Another time for each, between these milliseconds, more than is left.
  case addingSpread(ClosedRange<Int64>)

  /// What a range stands between in the text.
  private static let dots = ".."
  private static let forms = "90, 90s, 15m, 2h30m, 7d, @2026-12-31T23:59, none, +10m; or spread them: 10m..20m, +0..10m"

  /// - Parameter localOffset: as `TTLInput.parse(_:localOffset:)` wants it.
  package static func parse(_ text: String, localOffset: (Int64) -> Int64) -> Result<BulkTTLInput, TTLInput.Mistake> {
    let bare = text.filter { $0 != " " }
    if bare.isEmpty { return .failure(.init(text: "type \(forms)")) }
    guard let (lower, upper) = ends(of: bare) else {
      return TTLInput.parse(text, localOffset: localOffset).map { .same($0) }
    }
    return range(lower, upper)
  }

  /// Whether a text is a range, right or wrong.
  static func isRange(_ text: String) -> Bool { ends(of: text) != nil }

  /// What stands before and behind the dots; nil without them.
  private static func ends(of text: String) -> (Substring, Substring)? {
    guard let first = text.firstIndex(of: "."), text[first...].hasPrefix(dots) else { return nil }
    return (text[..<first], text[text.index(first, offsetBy: dots.count)...])
  }

  private static func range(_ lower: Substring, _ upper: Substring) -> Result<BulkTTLInput, TTLInput.Mistake> {
    let adds = lower.hasPrefix("+")
    let lower = adds ? lower.dropFirst() : lower
    let upper = adds && upper.hasPrefix("+") ? upper.dropFirst() : upper
    if lower.isEmpty || upper.isEmpty { return .failure(.init(text: "type both ends: 10m..20m, or +0..10m")) }
    // `5..10m` is read by one as seconds, by another as minutes.
    if lower.isNumber != upper.isNumber, !lower.isZero {
      return .failure(.init(text: "type the unit at both ends: 5m..10m, or 5s..10m"))
    }
    return TTLInput.span(lower).flatMap { lower in
      TTLInput.span(upper).flatMap { upper in
        guard lower <= upper else { return .failure(.init(text: "that range ends before it begins: type 10m..20m")) }
        guard upper > 0, adds || lower > 0 else {
          return .failure(.init(text: adds ? "that adds nothing" : "a TTL is more than 0: d deletes keys"))
        }
        return .success(adds ? .addingSpread(lower...upper) : .spread(lower...upper))
      }
    }
  }
}

extension Substring {
  fileprivate var isNumber: Bool { allSatisfy { $0.isASCII && $0.isNumber } }
  fileprivate var isZero: Bool { allSatisfy { $0 == "0" } }
}
