import Canvas
import Keyspace
import Requests

/// How much of the key space is listed: the right title of the list, and never more than is true.
extension Painter {
  /// - Parameter isShort: without what to do about it.
  func scanTitle(isShort: Bool = false) -> DisplayText {
    let scan = state.list.scan
    if let trouble = scan.trouble {
      return outside(trouble, scan.troubleCode == .loading ? .warn : .danger, cells: 40).truncated(
        to: 40, ellipsis: glyphs.ellipsis)
    }
    if let search = scan.search { return title(of: search) }
    switch scan.phase {
    case .idle: return text("connecting", .textDim)
    case .denied: return denied + text(" \(scan.denial?.short ?? "SCAN"): O opens a name", .warn)
    case .running, .paused: return progress(scan)
    case .done, .limited, .stopped: break
    }
    if state.list.query.needsFacts, let denial = scan.denial {
      return denied + text(" \(denial.short): nothing is known to match", .warn)
    }
    if state.list.query.needsFacts, let sweep = scan.sweep, sweep.known < sweep.total {
      let facts = state.list.query.kind == nil ? "TTLs" : "types"
      return text("\(facts) known of \(Self.percent(sweep.known, of: sweep.total))%", .textDim)
    }
    return extent(scan, isShort)
  }

  /// What is listed after a scan has ended, whichever way.
  private func extent(_ scan: ScanProgress, _ isShort: Bool) -> DisplayText {
    let keys = state.list.listedKeys
    if let pattern = scan.listedPattern { return extent(scan, of: pattern, keys, isShort) }
    let count = Format.count(keys)
    guard let server = scan.serverCount else {
      return text("\(count) keys" + (scan.limit == nil ? "" : " (limit)"), .textDim) + rescans(scan)
    }
    // The server's own count goes on.
    if scan.limit != nil, scan.phase != .stopped {
      return text("\(count) of ~\(Format.count(max(keys, server))) keys (limit)", .warn)
    }
    if server == keys, scan.phase == .done { return text("all \(count) keys", .textDim) }
    let words =
      keys <= server
      ? "\(count) of \(Format.count(server)) keys " : "\(Format.count(server)) keys, \(count) listed "
    return isShort
      ? text(String(words.dropLast(words.hasSuffix(" ") ? 1 : 0)), .textDim)
      : text(words, .textDim) + dotted("R rescans")
  }

  /// The same where only the names of a pattern were read.
  private func extent(_ scan: ScanProgress, of pattern: [UInt8], _ keys: Int, _ isShort: Bool) -> DisplayText {
    let shown = outside(pattern, .match, cells: 24).truncated(to: 20, ellipsis: glyphs.ellipsis)
    let count = Format.count(keys)
    if scan.hasOthers { return text("\(count) keys: ", .textDim) + shown + text(" and what ^G found", .textDim) }
    let line = text(keys == 1 ? "1 key matches " : "\(count) keys match ", .textDim) + shown
    if scan.limit != nil { return line + text(" (limit)", .warn) }
    if isShort { return line }
    if scan.phase == .stopped { return line + text(" ") + dotted("R rescans") }
    guard let server = scan.serverCount else { return line }
    return line + text(" ") + dotted("of \(Format.count(server))")
  }

  private func rescans(_ scan: ScanProgress) -> DisplayText {
    scan.phase == .stopped ? text(" ") + dotted("R rescans") : DisplayText()
  }

  private func progress(_ scan: ScanProgress) -> DisplayText {
    let isWider = scan.isRescan && scan.pattern != scan.listedPattern
    let word =
      scan.phase == .paused ? "paused" : isWider ? "reading all keys" : scan.isRescan ? "rescanning" : "scanning"
    guard let total = scan.serverCount, total > 0 else {
      return text("\(word), \(Format.count(scan.scanned)) so far", .accent)
    }
    if state.list.isOutrun { return text("\(word), still growing", .accent) }
    let percent = Self.percent(scan.done, of: total)
    var line = text("\(word) \(percent)% ", .accent)
    for step in 0..<7 {
      line.append(step * 100 < percent * 7 ? glyphs.meterFull : glyphs.meterEmpty, role: .accent)
    }
    return line
  }

  private func title(of search: ServerSearch) -> DisplayText {
    let found = "\(Format.count(search.found)) found"
    let far =
      state.list.scan.serverCount.flatMap { $0 > 0 ? " \(Self.percent(min($0, search.visited), of: $0))%" : nil } ?? ""
    switch search.phase {
    case .running: return text("asking the server\(far) ", .accent) + dotted(found)
    case .paused: return text("paused, asking the server\(far) ", .accent) + dotted(found)
    case .done: return text("\(found) on the server", .textDim)
    case .limited: return text("\(found) (limit)", .warn)
    case .broken: return text("\(found), the search broke off", .warn)
    }
  }

  /// By division first where the product would not fit: a server may say any number.
  static func percent(_ part: Int, of whole: Int) -> Int {
    let (product, overflow) = part.multipliedReportingOverflow(by: 100)
    return min(99, overflow ? part / max(1, whole / 100) : product / whole)
  }

  private static func count(_ number: Int, _ word: String) -> String {
    "\(Format.count(number)) \(word)\(number == 1 ? "" : "s")"
  }

  // MARK: - The field

  /// What `^G` in the field of the filter would do and cost, as long as it fits; nil: nothing.
  func serverOffer(for prompt: Prompt, room: Int) -> DisplayText? {
    guard let pattern = state.serverPattern(of: Escape.typed(prompt.field.text)) else {
      return prompt.isRefused ? text("^G asks for names: type a text or a glob", .warn) : nil
    }
    let role: Role = prompt.isRefused ? .danger : .warn
    if pattern.isRefused {
      let words = [
        "^G asks no server for more than \(ServerPattern.mostStars) stars: it might be held up",
        "^G: more than \(ServerPattern.mostStars) stars are not sent",
      ]
      return words.map { text($0, role) }.first { $0.width <= room }
    }
    let match = outside(pattern.bytes, .match, cells: 80)
    let keys = state.list.scan.serverCount.map { max(0, $0) }
    let calls = keys.map { Self.count(max(1, $0 / State.scanCount), "call") }
    let (all, some) = ("over \(keys.map { Self.count($0, "key") } ?? "all keys")", calls.map { "about \($0)" })
    let cost = [some, all].compactMap(\.self).joined(separator: " ")
    let offers = [
      text("^G asks the server: SCAN MATCH ", .textDim) + match + text(" ") + dotted(cost),
      text("^G: SCAN MATCH ", .textDim) + match + text(" ") + dotted(cost),
      text("^G asks the server: ", .textDim) + text(cost, .textDim),
      text("^G: \(some ?? all)", .textDim), text("^G asks the server", .textDim), text("^G server", .textDim),
    ]
    return offers.first { $0.width <= room }
  }
}
