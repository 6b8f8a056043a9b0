import Canvas
import Requests

/// A server that can be reached and not read.
extension Painter {
  /// In the header, in place of what cannot be known now: what is the matter, and how far it is.
  mutating func draw(_ trouble: ServerCode, x: Int, y: Int, maxWidth: Int) {
    let server = state.header.server
    guard trouble == .loading, let percent = server?.loadingPercent else {
      let detail = trouble.detail(server).map { " (\($0))" } ?? ""
      frame.put(
        outside(Array((trouble.shortWords + detail).utf8), .stale, cells: 200)
          .truncated(to: maxWidth, ellipsis: glyphs.ellipsis), x: x, y: y)
      return
    }
    let (head, words) = (text("loading its data ", .warn), text(server?.loadingWords ?? "", .warn))
    let bar = Bar.cells(fraction: Double(percent) / 100, width: 10, glyphs: glyphs) + text(" ")
    // With less room, less of it.
    let line =
      [head + bar + words, head + words].first { $0.width <= maxWidth } ?? head + text("\(percent)%", .warn)
    frame.put(line.truncated(to: maxWidth, ellipsis: glyphs.ellipsis), x: x, y: y)
  }

  /// In place of the list: why there is nothing in it so far, and what can be done.
  mutating func drawTrouble(_ trouble: [UInt8], in inner: Rect) {
    let code = state.list.scan.troubleCode
    let detail = code?.detail(state.header.server).map { " (\($0))" } ?? ""
    var lines = (text("no keys yet: ", .textDim) + outside(trouble + Array(detail.utf8), .danger, cells: 400))
      .wrappedAtBlanks(to: max(1, inner.width - 4))
    if let code { lines += text(code.nextStep(.reading), .textDim).wrappedAtBlanks(to: max(1, inner.width - 4)) }
    for (row, line) in lines.prefix(max(0, inner.height - 1)).enumerated() {
      frame.put(line, x: inner.x + 3, y: inner.y + 1 + row, maxWidth: max(0, inner.width - 4))
    }
  }

  /// The same while the server loads its data.
  mutating func drawLoading(in inner: Rect) {
    let (x, width) = (inner.x + 3, max(0, inner.width - 4))
    frame.put(text("the server is loading its data", .warn), x: x, y: inner.y + 1, maxWidth: width)
    guard inner.height > 3 else { return }
    if let server = state.header.server, let percent = server.loadingPercent, let words = server.loadingWords {
      let bar = Bar.cells(fraction: Double(percent) / 100, width: max(0, min(30, width - 24)), glyphs: glyphs)
      frame.put(bar + text(" " + words, .text), x: x, y: inner.y + 2, maxWidth: width)
    }
    frame.put(text("the keys come by themselves when that is done", .textDim), x: x, y: inner.y + 3, maxWidth: width)
  }
}

extension ServerCode {
  /// For the header, which has little room.
  var shortWords: String {
    switch self {
    case .loading: "loading its data"
    case .busy: "busy with a script"
    case .primaryDown: "lost its primary"
    default: why
    }
  }
}
