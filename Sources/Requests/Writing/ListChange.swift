/// An element that comes into a list or leaves it, and what stands around it: seen before and after, it tells whether
/// that has happened. The length alone does not: others push and pop.
package enum ListChange: Sendable, Equatable {
  /// `at` counts from the head; nil: at the tail.
  case inserted([UInt8], at: Int?)
  case removed(at: Int?)

  /// Elements on each side that are looked at.
  private static let reach = 2

  /// The arguments of LRANGE for what stood there before, and, of `count` elements then, for what stands there after.
  package var before: (start: Int, end: Int) {
    guard let place else { return (-1 - Self.reach, -1) }
    return (max(0, place - Self.reach), place + Self.reach)
  }

  package func after(_ count: Int) -> (start: Int, end: Int) {
    guard place != nil else { return (min(-1, -count - step), -1) }
    return (before.start, before.end + step)
  }

  /// What stands there after it has happened.
  package func applied(to before: [[UInt8]]) -> [[UInt8]] {
    var elements = before
    let index = place.map { $0 - self.before.start }
    switch self {
    case .inserted(let value, _): elements.insert(value, at: min(elements.count, index ?? elements.count))
    case .removed: if let last = elements.indices.last { elements.remove(at: min(last, index ?? last)) }
    }
    return elements
  }

  /// By how much the list grows.
  package var step: Int { if case .inserted = self { 1 } else { -1 } }

  private var place: Int? {
    switch self {
    case .inserted(_, let at), .removed(let at): at
    }
  }
}
