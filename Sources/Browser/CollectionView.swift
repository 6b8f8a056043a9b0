package import Keyspace
package import Values

/// The loaded window of a list, hash, set, sorted set or stream, and the cursor on it.
package struct CollectionView: Sendable, Equatable {
  package enum Element: Sendable, Equatable {
    case element([UInt8])
    case field(HashPage.Field)
    case member([UInt8])
    case scored(SortedSetPage.Entry)
    case entry(StreamPage.Entry)
  }

  package var type: KeyType
  /// As the server counts it (LLEN, HLEN, SCARD, ZCARD, XLEN).
  package var total: Int
  /// Absolute position of `elements[0]`: an index or a rank; 0 for what is read by cursor.
  package var start = 0
  package var elements: [Element] = []
  /// HSCAN's or SSCAN's next cursor; 0 when the end was reached.
  package var next: UInt64 = 0
  /// Streams: no more entries in this direction.
  package var reachedEnd = true
  /// Sorted sets from the highest score, streams from the newest entry.
  package var isReversed = false
  package var groups: Fact<[StreamPage.Group]> = .unknown
  package var isShowingGroups = false
  /// A hash: only fields that hold this text.
  package var filter: [UInt8] = []
  package var viewport = Viewport()
  /// A loaded field has a TTL, or TTLs may not be read though the server has them.
  package var showsDeadlines = false
  /// Bytes of `elements`.
  package var loadedBytes = 0
  /// The last page held fewer elements than asked for: they are big.
  var isCut = false
  /// Fields or members that were read again since the key changed last; nil: all that is loaded is of one reading.
  var current: Set<[UInt8]>?
  /// Windows that it was read in: a filter may need many to find a few fields.
  var windows = 0
  /// A new filter: the cursor 0 means the beginning, not the end.
  var isRestarting = false
  /// Names told by HSCAN or SSCAN so far.
  var names: Set<[UInt8]> = []

  /// Loaded elements stay below this; then the view says so and a filter narrows.
  package static let byteLimit = 32 << 20
  package static let elementLimit = 100_000

  package init(type: KeyType, total: Int) {
    self.type = type
    self.total = total
  }

  /// Elements are addressed by index or rank, so that any position can be reached at once.
  package var isIndexed: Bool { type == .list || type == .sortedSet }

  /// Rows that the cursor can stand on.
  package var count: Int {
    if isShowingGroups { return groups.value?.count ?? 0 }
    return isIndexed ? total : elements.count
  }

  /// More could be read behind the loaded elements.
  package var hasMore: Bool {
    switch type {
    case .hash, .set: next != 0 || isRestarting
    case .stream: !reachedEnd
    default: start + elements.count < total
    }
  }

  package var isFull: Bool { loadedBytes >= Self.byteLimit || elements.count >= Self.elementLimit }

  /// The element at an absolute position, if it is loaded.
  package func element(at position: Int) -> Element? {
    let index = position - start
    return elements.indices.contains(index) ? elements[index] : nil
  }
}

extension CollectionView.Element {
  /// Bytes held.
  var byteCount: Int {
    switch self {
    case .element(let bytes), .member(let bytes): bytes.count
    case .field(let field): field.name.count + field.value.count
    case .scored(let entry): entry.member.count + entry.score.count
    case .entry(let entry): entry.fields.reduce(0) { $0 + $1.name.count + $1.value.count }
    }
  }
}

extension CollectionView {
  /// The names of fields, or the members, that are loaded.
  func partNames(isField: Bool) -> [[UInt8]] {
    elements.compactMap { element in
      switch element {
      case .field(let field): isField ? field.name : nil
      case .member(let member): isField ? nil : member
      case .scored(let entry): isField ? nil : entry.member
      case .element, .entry: nil
      }
    }
  }
}
