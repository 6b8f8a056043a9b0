/// What was accepted in fields in this run of the program. Nothing of it is written to disk.
struct TypingHistory: Sendable {
  /// What a field is about: what was typed for one is of no use for another.
  enum Subject: Hashable, Sendable {
    case prompt(Prompt.Subject)
    case ttl
  }

  /// Entries kept of each subject.
  private static let limit = 100

  private var accepted: [Subject: [String]] = [:]

  /// Newest first.
  func entries(of subject: Subject) -> [String] { accepted[subject] ?? [] }

  /// Nothing is remembered of an empty field, and nothing twice in a row.
  mutating func remember(_ text: String, of subject: Subject) {
    var entries = entries(of: subject)
    // Byte for byte: two names that look equal are two names.
    guard !text.isEmpty, entries.first.map({ $0.utf8.elementsEqual(text.utf8) }) != true else { return }
    entries.insert(text, at: 0)
    accepted[subject] = Array(entries.prefix(Self.limit))
  }
}

/// Where a field stands in the history. What is left behind on the way, typed or changed, is there when one comes back.
struct HistoryWalk: Sendable, Equatable {
  /// 0: what is being typed; from 1 on entries, newest first.
  private var place = 0
  private var left: [Int: TextField] = [:]

  /// One step; none beyond the ends.
  /// - Parameter field: what is in the field gives way to what is there.
  mutating func move(toOlder: Bool, in entries: [String], field: inout TextField) {
    let target = place + (toOlder ? 1 : -1)
    guard target >= 0, target <= entries.count else { return }
    left[place] = field
    // What was typed has been left before it is come back to.
    field = left[target] ?? TextField(entries[max(0, target - 1)])
    place = target
  }
}
