/// What a row stands for. The order is the order of the rows: bytewise, and a folder before the key of the same name.
package enum RowID: Hashable, Sendable, Comparable {
  /// A folder by its whole prefix, the separator at its end included.
  case folder(KeyName)
  case key(KeyName)

  /// The folder's prefix or the key's name.
  package var name: KeyName {
    switch self {
    case .folder(let name), .key(let name): name
    }
  }

  package var isFolder: Bool {
    if case .folder = self { true } else { false }
  }

  package static func < (left: RowID, right: RowID) -> Bool {
    let order = left.name.compare(with: right.name)
    return order != 0 ? order < 0 : left.isFolder && !right.isFolder
  }
}

/// One line of a list.
package struct Row: Equatable, Sendable {
  package var id: RowID
  /// How many folders it lies in.
  package var depth: Int
  /// Where its label begins in the name, in bytes: what comes before is its folder's prefix. The label of a key that
  /// is named exactly as its folder's prefix is empty.
  package var labelStart: Int
  /// The keys under a folder that match the query; 1 for a key.
  package var count: Int
  /// Whether a folder is open.
  package var isExpanded: Bool

  package init(id: RowID, depth: Int, labelStart: Int, count: Int, isExpanded: Bool) {
    self.id = id
    self.depth = depth
    self.labelStart = labelStart
    self.count = count
    self.isExpanded = isExpanded
  }
}
