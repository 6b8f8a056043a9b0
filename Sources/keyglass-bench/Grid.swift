/// A table in Markdown: a row for each thing that is measured, a column for each number of keys or shape of names.
struct Grid {
  private struct Row {
    let what: String
    let budget: String
    var cells: [String: String] = [:]
  }

  private let heading: String
  private let columns: [String]
  private var rows: [Row] = []

  /// - Parameter heading: what the first column names.
  init(_ heading: String, columns: [String]) {
    self.heading = heading
    self.columns = columns
  }

  /// - Parameters:
  ///   - budget: what is promised; empty where nothing is.
  ///   - isMet: nil: it is only told.
  mutating func set(_ what: String, budget: String = "", in column: String, _ text: String, isMet: Bool? = nil) {
    let verdict = isMet.map { $0 ? ", met" : ", MISSED" } ?? ""
    let row = rows.firstIndex { $0.what == what } ?? rows.count
    if row == rows.count { rows.append(Row(what: what, budget: budget)) }
    rows[row].cells[column] = text + verdict
  }

  var text: String {
    let head = [heading, "budget"] + columns
    let lines = rows.map { row in [row.what, row.budget] + columns.map { row.cells[$0] ?? "-" } }
    let widths = head.indices.map { column in ([head] + lines).map { $0[column].count }.max() ?? 0 }
    let rule = widths.map { String(repeating: "-", count: $0) }
    return ([head, rule] + lines).map { cells in
      "| "
        + zip(cells, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined(separator: " | ") + " |"
    }.joined(separator: "\n")
  }
}
