import Canvas

/// A title, and facts below it: a label and a value a line.
struct FactBlock {
  let title: String
  /// Cells of a line.
  let width: Int
  private(set) var lines: [DisplayText] = []

  static let labelWidth = 15

  init(_ title: String, width: Int) {
    self.title = title
    self.width = width
  }

  var isEmpty: Bool { lines.isEmpty }

  /// Nothing is added where nothing was told.
  mutating func add(_ label: String, _ value: DisplayText?) {
    guard let value, !value.isEmpty else { return }
    var line = DisplayText(label, role: .textDim)
    line.append(String(repeating: " ", count: max(1, Self.labelWidth - line.width)))
    lines.append(line + value)
  }

  mutating func add(_ label: String, _ value: String?, _ role: Role = .text) {
    add(label, value.map { DisplayText($0, role: role) })
  }

  mutating func add(line: DisplayText) { lines.append(line) }

  /// Lays blocks beside each other in so many columns, in their order, so that the highest column is as low as can be.
  /// A blank line parts two of them.
  static func columns(_ blocks: [FactBlock], count: Int) -> [[DisplayText]] {
    let heights = blocks.map { $0.lines.count + 2 }
    var limit = max(1, heights.max() ?? 1)
    while true {
      var columns: [[DisplayText]] = [[]]
      for (block, height) in zip(blocks, heights) {
        if !columns[columns.count - 1].isEmpty, columns[columns.count - 1].count + height > limit { columns.append([]) }
        columns[columns.count - 1] += [DisplayText(block.title, role: .title)] + block.lines + [DisplayText()]
      }
      if columns.count <= max(1, count) { return columns }
      limit += 1
    }
  }
}
