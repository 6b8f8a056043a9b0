/// What a `--trace` file says, as far as it is needed here.
struct TraceFile {
  private let lines: [Substring]

  /// The lines that are whole; none while the file is not there.
  init(path: String) {
    let text = TextFile.read(path) ?? ""
    let end = text.lastIndex(of: "\n") ?? text.startIndex
    lines = text[..<end].split(separator: "\n")
  }

  func contains(_ event: String) -> Bool { lines.contains { Self.isEvent($0, event) } }

  func last(_ event: String, _ field: String) -> Double? {
    lines.last { Self.isEvent($0, event) }.flatMap { Self.number(field, in: $0) }
  }

  /// Milliseconds from key to frame, of those keys that came before the scan was done and of those after.
  var inputToFrame: (scanning: [Double], idle: [Double]) {
    var all: (scanning: [Double], idle: [Double]) = ([], [])
    var isDone = false
    for line in lines {
      if Self.isEvent(line, "scan_done") { isDone = true }
      guard Self.isEvent(line, "input_to_frame"), let us = Self.number("us", in: line) else { continue }
      if isDone { all.idle.append(us / 1000) } else { all.scanning.append(us / 1000) }
    }
    return all
  }

  /// Of each frame.
  var flushedBytes: [Double] {
    lines.filter { Self.isEvent($0, "frame") }.compactMap { Self.number("flush_bytes", in: $0) }
  }

  private static func isEvent(_ line: Substring, _ event: String) -> Bool { line.contains("\"event\":\"\(event)\"") }

  private static func number(_ field: String, in line: Substring) -> Double? {
    guard let name = line.firstRange(of: "\"\(field)\":") else { return nil }
    return Double(String(line[name.upperBound...].prefix { $0 != "," && $0 != "}" }))
  }
}
