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
  }

  private(set) var entries: [Entry] = []

  mutating func note(_ names: NameBlock, _ index: Int, from before: Int64, to after: Int64, isGone: Bool = false) {
    guard before != after || isGone else { return }
    entries.append(Entry(names: names, index: index, before: before, after: after, isGone: isGone))
  }
}
