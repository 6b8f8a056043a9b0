import Canvas

/// Columns of a table: as many as fit, and the room that is left given to those that can use it.
struct TableColumns {
  struct Column {
    var title: String
    var width: Int
    /// The widest that is of use.
    var most: Int
    var isRight = false
    /// The higher, the sooner it goes where there is no room.
    var rank: Int
  }

  struct Place {
    /// Which of the columns.
    var index: Int
    var x: Int
    var width: Int
  }

  let columns: [Column]
  private(set) var places: [Place] = []

  /// Cells between two columns.
  private static let gap = 2

  init(_ columns: [Column], x: Int, width: Int) {
    self.columns = columns
    var kept = Array(columns.indices)
    func needed() -> Int { kept.reduce(-Self.gap) { $0 + columns[$1].width + Self.gap } }
    while kept.count > 1, needed() > width, let last = kept.max(by: { columns[$0].rank < columns[$1].rank }) {
      kept.removeAll { $0 == last }
    }
    var widths = kept.map { columns[$0].width }
    var left = width - needed()
    while left > 0 {
      let growing = kept.indices.filter { widths[$0] < columns[kept[$0]].most }
      guard !growing.isEmpty else { break }
      for place in growing where left > 0 {
        widths[place] += 1
        left -= 1
      }
    }
    var x = x
    for (index, width) in zip(kept, widths) {
      places.append(Place(index: index, x: x, width: width))
      x += width + Self.gap
    }
  }
}

extension Painter {
  /// Draws the heading of a table.
  mutating func drawHeading(_ table: TableColumns, y: Int) {
    for place in table.places {
      let column = table.columns[place.index]
      put(text(column.title, .textDim), column, place, y: y)
    }
  }

  /// Draws a cell, cut where it is too long.
  mutating func put(_ cell: DisplayText, _ column: TableColumns.Column, _ place: TableColumns.Place, y: Int) {
    let shown = cell.truncated(to: place.width, ellipsis: glyphs.ellipsis)
    if column.isRight {
      frame.put(shown, endX: place.x + place.width, y: y)
    } else {
      frame.put(shown, x: place.x, y: y)
    }
  }
}
