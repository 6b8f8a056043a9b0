import Browser
import Canvas
import Keyspace

/// The report for eyes, in at most 80 columns (but for names, which are never cut).
struct HistogramReportText {
  let report: HistogramReport
  let database: Int
  let glyphs: GlyphSet
  let localTime: LocalTime

  /// Cells of a timeline.
  private static let width = 60
  private static let barWidth = 40

  /// All lines, each with its line feed.
  var text: String {
    let parts = [heading + distribution] + report.timelines.map(timeline) + [stampedes, withoutTTL]
    return parts.filter { !$0.isEmpty }.map { $0.map { trimmed($0) + "\n" }.joined() }.joined(separator: "\n")
  }

  // MARK: - Parts

  private var heading: [String] {
    let moment = localTime.date(report.serverTime) + " " + localTime.second(report.serverTime)
    return ["\(keys(report.keys)) in database \(database), \(moment) by the server's clock"]
  }

  private var distribution: [String] {
    let distribution = report.distribution
    var lines = ExpiryDistribution.Class.allCases.map { kind in
      let count = distribution[kind]
      return row(kind.title, count, percent(count, of: distribution.total), bar(distribution.share(of: kind)))
    }
    if distribution.due > 0 { lines.append(row("due", distribution.due, "", "ran out while the keys were read")) }
    if report.unread > 0 { lines.append(row("?", report.unread, "", "the server did not tell")) }
    return lines
  }

  private func row(_ name: String, _ count: Int, _ share: String, _ rest: String) -> String {
    "  " + padded(name, left: 5) + padded(Format.count(count), right: 13) + padded(share, right: 8) + "  " + rest
  }

  /// To an eighth of a cell, at least one eighth of what is not nothing.
  private func bar(_ share: Double) -> String {
    let steps = glyphs.barSteps
    let filled = share > 0 ? max(1, Int(share * Double(Self.barWidth * steps.count))) : 0
    let full = String(repeating: steps[steps.count - 1].string, count: filled / steps.count)
    return filled % steps.count > 0 ? full + steps[filled % steps.count - 1].string : full
  }

  private func timeline(_ timeline: ExpiryTimeline) -> [String] {
    let (span, name) =
      switch timeline.scale {
      case .second: ("60 s", "second")
      case .minute: ("hour", "minute")
      case .hour: ("24 h", "hour")
      case .day: ("30 days", "day")
      }
    let most = timeline.counts.max() ?? 0
    guard let peak = timeline.counts.firstIndex(of: most), most > 0 else {
      return ["None in the next \(span)" + (timeline.scale == .day ? " or later." : ".")]
    }
    let place = label(timeline, peak)
    let summary = "\(keys(timeline.total)), at most \(Format.count(most)) in one (\(place))"
    return ["Next \(span) by \(name): \(summary)", "  " + graph(timeline.counts, most), "  " + axis(timeline)]
  }

  /// What is not nothing has at least the lowest step.
  private func graph(_ counts: [Int], _ most: Int) -> String {
    let steps = glyphs.graphSteps
    let cells = Self.width / counts.count
    return counts.map { count in
      guard count > 0 else { return String(repeating: " ", count: cells) }
      let step = (Double(count) / Double(most) * Double(steps.count)).rounded(.up)
      return String(repeating: steps[min(max(Int(step), 1), steps.count) - 1].string, count: cells)
    }.joined()
  }

  /// Labels that begin under the buckets that they name.
  private func axis(_ timeline: ExpiryTimeline) -> String {
    let labelled =
      switch timeline.scale {
      case .second, .minute: [0, 15, 30, 45]
      case .hour: [0, 6, 12, 18]
      case .day: [0, 7, 14, 21, 29]
      }
    let cells = Self.width / timeline.counts.count
    return labelled.reduce("") { line, bucket in
      padded(line, left: bucket * cells) + label(timeline, bucket, isShort: true)
    }
  }

  private var stampedes: [String] {
    guard !report.stampedes.isEmpty else { return [] }
    return ["Many at once:"]
      + report.stampedes.map { stampede in
        let moment = label(stampede.scale, stampede.range)
        let folder =
          stampede.folder.map { folder in
            "\(percent(folder.count, of: stampede.count)) in \(Escape.string(folder.prefix.bytes))"
          } ?? "no folder holds half of them"
        var line = "  \(moment): \(keys(stampede.count)) in one \(stampede.scale.word)"
        if let range = stampede.moment, let finer = ExpiryTimeline.Scale(rawValue: stampede.scale.rawValue - 1) {
          line += ", \(Format.count(stampede.momentCount)) of them at \(label(finer, range))"
        }
        return line + ", " + folder
      }
  }

  private var withoutTTL: [String] {
    guard !report.withoutTTL.isEmpty else { return [] }
    let note = report.isExact ? "" : " (at least so many; there are too many folders)"
    return ["Most keys without a TTL\(note):"]
      + report.withoutTTL.map { folder in
        let name = folder.prefix.bytes.isEmpty ? "(in no folder)" : Escape.string(folder.prefix.bytes)
        return "  " + padded(Format.count(folder.count), right: 13) + "  " + name
      }
  }

  // MARK: - Words

  private func label(_ timeline: ExpiryTimeline, _ bucket: Int, isShort: Bool = false) -> String {
    label(timeline.scale, timeline.range(of: bucket), isShort: isShort)
  }

  private func label(_ scale: ExpiryTimeline.Scale, _ range: Range<Int64>, isShort: Bool = false) -> String {
    guard range.upperBound != .max else { return "later" }
    let moment = range.lowerBound
    switch scale {
    case .second: return localTime.second(moment)
    case .minute: return localTime.minute(moment)
    case .hour: return isShort ? localTime.minute(moment) : localTime.date(moment) + " " + localTime.minute(moment)
    // Its middle: where clocks are set in between, it does not begin at midnight.
    case .day: return localTime.date(moment + scale.length / 2)
    }
  }

  private func keys(_ count: Int) -> String { count == 1 ? "1 key" : "\(Format.count(count)) keys" }

  /// With one digit behind the point; neither nothing nor everything unless it is.
  private func percent(_ count: Int, of total: Int) -> String {
    guard total > 0, count < total else { return count > 0 ? "100%" : "0%" }
    if count == 0 { return "0%" }
    let tenths = min(999, max(1, Int((Double(count) / Double(total) * 1000).rounded())))
    return "\(tenths / 10).\(tenths % 10)%"
  }

  private func padded(_ text: String, left width: Int) -> String {
    text + String(repeating: " ", count: max(0, width - text.count))
  }

  private func padded(_ text: String, right width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private func trimmed(_ line: String) -> Substring {
    var line = line[...]
    while line.last == " " { line.removeLast() }
    return line
  }
}
