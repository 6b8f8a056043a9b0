/// What happened to the deadlines of an index since it was last looked at, in order: for an ``ExpiryIndex`` beside it.
struct DeadlineLog: Sendable {
  struct Entry: Sendable {
    let names: NameBlock
    let index: Int
    /// As in the fact columns.
    let before: Int64
    let after: Int64
    /// The key is no more.
    let isGone: Bool

    /// What it has now is not known.
    var isUnlearned: Bool { after == FactColumns.unknownDeadline && !isGone }
  }

  private(set) var entries: [Entry] = []
  /// More happened than is worth keeping: of what was learned nothing is here, only what is not known any more.
  private(set) var isOverfull = false
  /// Changes that were noted, kept or not.
  private(set) var count = 0

  /// Beyond so many, putting everything in order anew costs less.
  private static let limit = 20_000

  mutating func note(_ names: NameBlock, _ index: Int, from before: Int64, to after: Int64, isGone: Bool = false) {
    guard before != after || isGone else { return }
    count += 1
    let entry = Entry(names: names, index: index, before: before, after: after, isGone: isGone)
    if isOverfull, !entry.isUnlearned { return }
    entries.append(entry)
    guard !isOverfull, entries.count > Self.limit else { return }
    isOverfull = true
    entries.removeAll { !$0.isUnlearned }
  }
}
