package import Keyspace

/// Memory by prefix (`M`): where it goes.
package struct MemoryState: Sendable {
  /// The tree by size, with folders of its own that are open; or all keys, biggest first.
  package var query: ListQuery
  package var rows: RowList?
  /// Version of the index that `rows` were made from.
  var rowsVersion = -1
  /// The cursor is a key or a folder, not a row number: it stays on it while numbers stream in.
  package var cursor: RowID?
  /// Where it goes as soon as the rows have it.
  var sought: RowID?
  package var viewport = Viewport()
  /// Until the cursor was moved it stays on the first row.
  var isTouched = false
  /// Every key is read, however many there are.
  package var isExact = false
  var pace = Pace()
  var speed = ReadingSpeed()

  /// - Parameters:
  ///   - list: what the list behind it shows.
  ///   - folder: the one to begin with, opened.
  init(list: ListQuery, folder: KeyName?) {
    query = ListQuery(separator: list.separator, filter: list.filter)
    query.sort = ListSort(.size)
    guard let folder else { return }
    query.expand(above: .folder(folder))
    query.expanded.insert(folder)
    sought = .folder(folder)
    isTouched = true
  }

  package var cursorRow: Row? {
    guard let rows, viewport.cursor < rows.count else { return nil }
    return rows[viewport.cursor]
  }

  /// The rows on the screen.
  package func visible(height: Int) -> [Row] {
    guard let rows else { return [] }
    let end = min(rows.count, viewport.top + height)
    return viewport.top < end ? (viewport.top..<end).map { rows[$0] } : []
  }
}

/// How many sizes a second the server tells.
struct ReadingSpeed: Sendable {
  private var begun: (at: Int64, known: Int)?
  /// A second; nil: not measured yet.
  private(set) var rate: Int?

  /// What a server does that has nothing else to do.
  static let usual = 250_000
  /// Over less time it is chance.
  private static let shortest: Int64 = 300

  mutating func note(known: Int, at now: Int64) {
    guard let begun, known >= begun.known else {
      begun = (now, known)
      return
    }
    guard known > begun.known, now - begun.at >= Self.shortest else { return }
    rate = max(1, Int(Double(known - begun.known) * 1_000 / Double(now - begun.at)))
  }
}

extension ListQuery {
  /// Folders that are opened for one row at most: a name may be nothing but separators.
  private static let mostOpened = 10_000

  /// Opens the folders above a row.
  mutating func expand(above id: RowID) {
    guard layout == .tree, !separator.isEmpty else { return }
    let bytes = id.name.bytes
    var index = 0
    while index + separator.count <= bytes.count, expanded.count < Self.mostOpened {
      if bytes[index..<index + separator.count].elementsEqual(separator) {
        let end = index + separator.count
        if id != .folder(KeyName(bytes[..<end])) { expanded.insert(KeyName(bytes[..<end])) }
        index = end
      } else {
        index += 1
      }
    }
  }
}
