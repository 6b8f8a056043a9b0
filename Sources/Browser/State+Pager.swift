import Canvas
import Requests
import Values

/// `o` and then `p`: the string on the screen, whole and as it is shown, in `$PAGER`.
extension State {
  mutating func showInPager() {
    guard let view = shownString else { return }
    guard view.length <= Self.editorLimit else {
      say(
        "too long for $PAGER: \(Format.size(view.length)), the limit is \(Format.size(Self.editorLimit))", .warning)
      return
    }
    // What was put together from windows of several moments may never have been there.
    guard console.focus == .pane || value.detail != nil || view.isWhole && view.length <= StringView.window else {
      guard link == .connected else {
        say("not connected: the whole string cannot be read, nothing was shown", .warning)
        return
      }
      readWhole(for: .showInPager, limit: Self.editorLimit)
      return
    }
    handOver(to: .pager(document: view.document))
  }

  /// The string that had to be read for it.
  mutating func showInPager(_ page: StringPage) {
    guard let format = shownValue?.format else { return }
    var view = StringView(page: page, width: valueWidth, format: format == .json ? .text : format)
    if format == .json { _ = view.show(as: .json) }
    handOver(to: .pager(document: view.document))
  }
}

extension StringView {
  /// All of it as it is shown, for a pager: its own line feeds and tabs are themselves, all else follows the escape rule.
  var document: [UInt8] {
    switch format {
    case .text: Document.encode(bytes)
    case .json:
      json.flatMap { line in line.flatMap { Array(Escape.string($0.bytes, context: .value).utf8) } + [0x0a] }
    case .hex:
      stride(from: 0, to: bytes.count, by: HexRow.width).flatMap { start in
        let row = HexRow(
          offset: start, bytes: Array(bytes[start..<min(bytes.count, start + HexRow.width)]), width: HexRow.width)
        let offset = String(start, radix: 16)
        let zeros = String(repeating: "0", count: max(0, offsetDigits - offset.count))
        return Array("\(zeros)\(offset)  \(row.hex)  \(row.ascii)\n".utf8)
      }
    }
  }
}
