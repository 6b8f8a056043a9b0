package import Keyspace
import Requests
import Values

/// Many keys whose TTLs are set as one: their exact names, what they are, and what becomes of them.
package struct BulkTTL: Sendable, Equatable {
  /// What is known of one of the keys.
  package enum Finding: Sendable, Equatable {
    case present(KeyType, Deadline)
    case gone
    /// Its type or its TTL may not be read: what one has not seen is not overwritten.
    case unreadable
  }

  package let source: BulkSource
  /// In byte order, each once. They stay what they are, whatever comes and goes meanwhile.
  package let names: [KeyName]
  /// The names are all that there are.
  package let isComplete: Bool
  /// What each of the names is; nil: being read.
  package private(set) var findings: [Finding]?
  /// So many were read so far.
  package var readCount = 0
  /// Why they could not be read: they are not asked for again by themselves.
  package var isReadingHeldUp = false
  /// What becomes of them, as far as it was worked out.
  package private(set) var plan: BulkPlan?

  package private(set) var gone = 0
  package private(set) var unreadable = 0
  package private(set) var volatile = 0
  package private(set) var persistent = 0
  /// Indices of the keys that are there, in the order in which a range is shared out.
  private(set) var order: [Int] = []

  init(source: BulkSource, names: [KeyName], isComplete: Bool) {
    self.source = source
    self.names = names
    self.isComplete = isComplete
  }

  /// What was read of the keys; false: it is of other ones.
  mutating func take(_ facts: [KeyFacts]) -> Bool {
    guard facts.count == names.count, zip(facts, names).allSatisfy({ $0.name == $1 }) else { return false }
    findings = facts.map { fact in
      switch (fact.type, fact.deadline) {
      case (.known(nil), _): return .gone
      case (.known(let type?), .known(let deadline)) where deadline != .unknown: return .present(type, deadline)
      default: return .unreadable
      }
    }
    for finding in findings ?? [] {
      switch finding {
      case .gone: gone += 1
      case .unreadable: unreadable += 1
      case .present(_, .persistent): persistent += 1
      case .present: volatile += 1
      }
    }
    order = NameSpread.order(of: names).filter { deadline(at: $0) != nil }
    return true
  }

  /// Of a key that is there; nil: it is not, or may not be read.
  package func deadline(at index: Int) -> Deadline? {
    if case .present(_, let deadline)? = findings?[index] { deadline } else { nil }
  }

  /// Works out what becomes of the keys with this text, unless that is known already.
  mutating func replan(_ text: String, serverTime: Int64, localOffset: (Int64) -> Int64) {
    guard let findings, plan?.text != text else { return }
    plan = BulkPlan(text, keys: findings, order: order, serverTime: serverTime, localOffset: localOffset)
  }

  /// The edits of the plan, at most so many of the first.
  func edits(database: Int, session: Int, limit: Int = .max) -> [Edit] {
    guard let findings, let plan else { return [] }
    var edits: [Edit] = []
    for (index, change) in plan.changes.enumerated() where edits.count < limit {
      guard let change, case .present(let type, let deadline) = findings[index] else { continue }
      edits.append(
        Edit(
          key: names[index], change: .expiry(from: deadline, to: change), presence: .present(type), database: database,
          session: session))
    }
    return edits
  }
}
