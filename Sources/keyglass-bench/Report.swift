/// The table that is printed: one row a budget.
struct Report {
  private struct Row {
    let what: String
    let ours: String
    let baseline: String
    let ratio: String
    let budget: String
    let verdict: String

    var cells: [String] { [what, ours, baseline, ratio, budget, verdict] }
  }

  private var rows: [Row] = []

  /// A budget on the ratio to the baseline.
  mutating func add(_ what: String, ours: String, baseline: String, ratio: Double, atMost budget: Double) {
    rows.append(
      Row(
        what: what, ours: ours, baseline: baseline, ratio: Self.number(ratio, digits: 2),
        budget: "ratio <= \(Self.number(budget, digits: 2))", verdict: ratio <= budget ? "met" : "MISSED"))
  }

  /// A budget on the value itself, in `unit`; the baseline is there to compare.
  mutating func add(
    _ what: String, ours: Double, baseline: Double, _ baselineName: String, unit: String, atMost budget: Double
  ) {
    rows.append(
      Row(
        what: what, ours: "\(Self.number(ours, digits: 2)) \(unit)",
        baseline: "\(Self.number(baseline, digits: 2)) \(unit) \(baselineName)",
        ratio: baseline > 0 ? Self.number(ours / baseline, digits: 2) : "-",
        budget: "<= \(Self.number(budget, digits: 0)) \(unit)", verdict: ours <= budget ? "met" : "MISSED"))
  }

  /// Two times in seconds that are only compared.
  mutating func note(_ what: String, ours: Double, baseline: Double, _ baselineName: String, ratio: Double) {
    rows.append(
      Row(
        what: what, ours: Self.seconds(ours), baseline: "\(Self.seconds(baseline)) \(baselineName)",
        ratio: Self.number(ratio, digits: 2), budget: "-", verdict: ""))
  }

  /// The table, columns aligned.
  var text: String {
    let head = ["what", "ours", "baseline", "ratio", "budget", ""]
    let all = [head] + rows.map(\.cells)
    let widths = head.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    return all.map { cells in
      zip(cells, widths).map { cell, width in cell + String(repeating: " ", count: width - cell.count) }
        .joined(separator: "  ").trimmingTrailingSpaces
    }.joined(separator: "\n")
  }

  static func seconds(_ value: Double) -> String {
    value < 1 ? "\(number(value * 1000, digits: 1)) ms" : "\(number(value, digits: 2)) s"
  }

  /// With so many digits behind the point (0…3).
  static func number(_ value: Double, digits: Int) -> String {
    let scale = [1.0, 10, 100, 1000][digits]
    let scaled = (value * scale).rounded()
    guard abs(scaled) < 1e15 else { return "\(value)" }
    let whole = Int(scaled.magnitude)
    let sign = scaled < 0 ? "-" : ""
    guard digits > 0 else { return "\(sign)\(whole)" }
    let fraction = String(whole % Int(scale))
    return "\(sign)\(whole / Int(scale))." + String(repeating: "0", count: digits - fraction.count) + fraction
  }

  /// `1,000,000`
  static func count(_ number: Int) -> String {
    var text = ""
    for (place, digit) in String(number).reversed().enumerated() {
      if place > 0, place % 3 == 0 { text.append(",") }
      text.append(digit)
    }
    return String(text.reversed())
  }
}

extension String {
  fileprivate var trimmingTrailingSpaces: String {
    String(self[..<(lastIndex { $0 != " " }.map { index(after: $0) } ?? startIndex)])
  }
}
