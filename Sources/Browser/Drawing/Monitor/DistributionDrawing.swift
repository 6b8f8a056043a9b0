import Canvas
package import Keyspace
import Requests
import Values

extension Painter {
  mutating func drawDistribution(_ monitor: MonitorState, in area: Rect) {
    let isWide = area.width >= 34
    let seen = monitor.distribution
    var share = seen.map { text("no TTL \(Self.percent($0.share(of: .none)))", .textDim) } ?? DisplayText()
    if deadlineDenial(monitor) != nil { share = DisplayText() }
    if monitor.progress.sampledFrom != nil { share = text("of the sample ", .warn) + share }
    frame.box(
      area, role: .border, glyphs: glyphs, title: text(isWide ? "Distribution" : "TTL", .title),
      right: isWide ? scopeText(monitor, cells: area.width - 22) : DisplayText(), bottomRight: share)
    let inner = area.inset()
    if let denial = deadlineDenial(monitor) {
      frame.put(denied + text(" \(denial.missingRule ?? denial.command)", .warn), x: inner.x + 1, y: inner.y)
      return
    }
    guard let seen else { return }
    let countEnd = inner.maxX - 6
    let barX = inner.x + 8
    let barWidth = countEnd - 10 - barX
    let most = max(1, ExpiryDistribution.Class.allCases.map { seen[$0] }.max() ?? 1)
    for (line, kind) in ExpiryDistribution.Class.allCases.enumerated() where line < inner.height {
      let y = inner.y + line
      let count = seen[kind]
      frame.put(isWide ? kind.title : kind.title.filter { $0 != " " }, role: .textDim, x: inner.x + 1, y: y)
      if isWide, barWidth >= 4 {
        frame.put(
          Bar.cells(fraction: Double(count) / Double(most), width: barWidth, fill: kind.role, glyphs: glyphs), x: barX,
          y: y)
      }
      frame.put(
        isWide ? Format.count(count) : Format.rate(count), role: count == 0 ? .textDim : .text,
        endX: isWide ? countEnd : inner.maxX - 5, y: y)
      frame.put(Self.percent(seen.share(of: kind)), role: .textDim, endX: inner.maxX - (isWide ? 1 : 0), y: y)
    }
    let y = inner.y + ExpiryDistribution.Class.allCases.count
    guard y < inner.maxY, let folders = monitor.report?.persistentFolders, let first = folders.first else { return }
    var line = text(isWide ? "no TTL: " : "", .textDim)
    line += folderText(first, cells: max(6, inner.width - 18))
    for folder in folders.dropFirst() {
      let next = text("  ") + folderText(folder, cells: 16)
      guard line.width + next.width <= inner.width - 2 else { break }
      line += next
    }
    frame.put(line.truncated(to: inner.width - 1, ellipsis: glyphs.ellipsis), x: inner.x + 1, y: y)
  }

  /// `user:* 1,311`.
  private func folderText(_ folder: PrefixCount, cells: Int) -> DisplayText {
    name(folder.prefix.bytes[...], .folder, cells: max(4, cells - 1)) + text("* ", .folder)
      + text(Format.count(folder.count), .textDim)
  }

  /// What the monitor is about.
  func scopeText(_ monitor: MonitorState, cells: Int) -> DisplayText {
    let names = state.list.keyFilter.nameText
    if !names.isEmpty {
      let filter = Escape.display(names, context: .name, limit: cells, role: .match)
      guard !monitor.prefix.isEmpty else { return filter.truncated(to: cells, ellipsis: glyphs.ellipsis) }
      let folder = name(monitor.prefix[...], .textDim, cells: cells / 2)
      return (folder + text("* ", .textDim) + filter).truncated(to: cells, ellipsis: glyphs.ellipsis)
    }
    if monitor.prefix.isEmpty { return text("db\(state.database)", .textDim) }
    return name(monitor.prefix[...], .textDim, cells: max(4, cells - 1)) + text("*", .textDim)
  }

  /// `7.5%` below ten, whole above; neither nothing nor everything unless it is.
  static func percent(_ share: Double) -> String {
    let tenths = Int((share * 1_000).rounded())
    if tenths == 0 { return share > 0 ? "<.1%" : "0%" }
    if tenths < 100 { return "\(tenths / 10).\(tenths % 10)%" }
    return "\(share < 1 ? min(99, Int((share * 100).rounded())) : 100)%"
  }
}

extension ExpiryDistribution.Class {
  package var title: String {
    switch self {
    case .tenSeconds: "< 10s"
    case .minute: "< 1m"
    case .hour: "< 1h"
    case .day: "< 1d"
    case .beyond: "> 1d"
    case .none: "none"
    }
  }

  fileprivate var role: Role {
    switch self {
    case .tenSeconds: .barDanger
    case .minute: .barWarn
    case .hour, .day: .barFill
    case .beyond, .none: .textDim
    }
  }
}
