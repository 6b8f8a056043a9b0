import Keyspace
import Requests

/// `s`: the order of the list.
extension State {
  func sortMenu() -> Menu {
    let current = list.query.sort
    let items = ListSort.choices.map { key, letter in
      let isCurrent = current.key == key
      let sort = ListSort(key, isReversed: isCurrent && !current.isReversed)
      let title = isCurrent ? "\(current.direction); again: \(sort.direction)" : sort.direction
      return Menu.Item(key: letter, title: "\(key.word), \(title)", isChosen: isCurrent, choice: .sort(sort))
    }
    let chosen = items.firstIndex(where: \.isChosen) ?? 0
    return Menu(title: "sort by", items: items, viewport: Viewport(cursor: chosen))
  }

  /// Lists in another order, from its top.
  mutating func sort(by sort: ListSort) {
    list.query.sort = sort
    list.isTouched = false
    list.sought = nil
    // Idle times of the rows that are there were not read.
    if sort.key == .idle { for name in list.seen.keys { list.seen[name]?.wantsReading = true } }
    askForSweep()
    askForRows()
  }
}

extension State {
  /// What the list is to be ordered by is being read.
  var isSortReading: Bool {
    guard pause == nil, !list.query.sort.facts.isEmpty, list.scan.denial == nil, let sweep = list.scan.sweep else {
      return false
    }
    return !sweep.isDone && !sweep.isUnkept && sweep.known < sweep.total
  }
}

extension ListSort {
  /// What a user may choose, with its letter.
  static let choices: [(Key, Character)] = [(.name, "n"), (.ttl, "t"), (.size, "z"), (.idle, "i"), (.kind, "k")]

  /// What comes first.
  var direction: String {
    switch (key, isReversed) {
    case (.name, false): "a to z"
    case (.name, true): "z to a"
    case (.ttl, false): "soonest first"
    case (.ttl, true): "longest first"
    case (.size, false): "biggest first"
    case (.size, true): "smallest first"
    case (.idle, false): "longest first"
    case (.idle, true): "shortest first"
    case (.kind, false): "strings first"
    case (.kind, true): "strings last"
    case (.match, false): "best first"
    case (.match, true): "worst first"
    }
  }
}

extension ListSort.Key {
  var word: String {
    switch self {
    case .name: "name"
    case .ttl: "TTL"
    case .size: "size"
    case .idle: "idle time"
    case .kind: "kind"
    case .match: "match"
    }
  }
}
