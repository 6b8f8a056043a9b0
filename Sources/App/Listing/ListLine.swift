import Browser
import Canvas
import Keyspace
package import Values

/// One key as a line of `keyglass ls`. The name stands last and escaped: nothing in it can forge a line.
package struct ListLine {
  private let format: Invocation.ListFormat
  /// `✗` or, with `--plain`, `x`: a fact that rights deny.
  private let deniedMark: String
  /// Holds a TTL of 273 years, `99999d 23h`.
  private static let ttlWidth = 10

  package init(format: Invocation.ListFormat, isPlain: Bool) {
    self.format = format
    deniedMark = isPlain || Escape.charset == .ascii ? "x" : "✗"
  }

  /// The line without its line feed.
  /// - Parameter serverTime: now, in ms of the server's clock.
  package func text(_ key: KeyFacts, serverTime: Int64) -> String {
    switch format {
    case .names: Escape.string(key.name.bytes)
    case .long: long(key, serverTime: serverTime)
    case .json: json(key, serverTime: serverTime)
    }
  }

  private func long(_ key: KeyFacts, serverTime: Int64) -> String {
    let type = cell(key.type) { $0?.badge ?? "?" }
    let ttl = cell(key.deadline) { deadline in
      switch deadline {
      case .unknown: "?"
      case .persistent: "-"
      case .at: TTLText.cell(remaining: deadline.remaining(at: serverTime) ?? 0)
      }
    }
    let size = cell(key.size) { Format.size($0) }
    let cells = [padded(type, 3), padded(ttl, ListLine.ttlWidth), padded(size, 4), Escape.string(key.name.bytes)]
    return cells.joined(separator: "  ")
  }

  private func cell<Value>(_ fact: Fact<Value>, _ known: (Value) -> String) -> String {
    switch fact {
    case .unknown: "?"
    case .denied: deniedMark
    case .known(let value): known(value)
    }
  }

  /// Right-aligned.
  private func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
  }

  private func json(_ key: KeyFacts, serverTime: Int64) -> String {
    var line = JSONLine()
    line.add("key", bytes: key.name.bytes)
    line.add("type", key.type.value??.word)
    line.add("ttl_ms", key.deadline.value?.remaining(at: serverTime).map { max(0, $0) })
    line.add("size", key.size.value)
    let denied = [key.type.denial, key.deadline.denial, key.size.denial].compactMap { $0?.command }
    if !denied.isEmpty { line.add("denied", denied) }
    return line.line
  }
}
