import Canvas
import Glibc
import Terminal

/// What the host shows, and what a key does to it.
struct HostPage {
  static let theme = Theme(
    name: "host",
    rules: [
      "accent": .init(fg: .rgb(224, 108, 80), ansiFg: .ansi(1), attributes: [.bold], mono: [.bold]),
      "danger": .init(fg: .ansi(9), attributes: [.bold], mono: [.bold, .reverse]),
      "selection": .init(bg: .indexed(24), ansiBg: .ansi(4), mono: [.reverse]),
      "type": .init(fg: .indexed(74), ansiFg: .ansi(6)),
    ])

  var background = "no job yet"
  var selected = 5
  private var last = "nothing"

  mutating func note(_ event: TerminalEvent) {
    switch event {
    case .key(let key): last = "key \(key.tmuxName)"
    case .mouse(let event): last = "mouse \(event.kind) \(event.x),\(event.y)"
    case .paste(let bytes): last = "paste \(Escape.string(bytes))"
    case .resize(let size): last = "resize \(size.width)x\(size.height)"
    default: last = "\(event)"
    }
  }

  /// Keys that break something.
  func act(_ character: Character) {
    switch character {
    case "x": print([1, 2, 3][Int(background.utf8.count)])
    case "t": Task.detached { print([1, 2, 3][Int(getpid())]) }
    case "o": print(overflow(1))
    case "O": Task.detached { [self] in print(overflow(1)) }
    case "a": abort()
    case "e": _ = "a warning \u{1B}[31m of a library\n".withCString { write(STDERR_FILENO, $0, strlen($0)) }
    case "h": while true { usleep(1000) }
    default: break
    }
  }

  func frame(size: Size, glyphs: GlyphSet) -> Frame {
    var frame = Frame(size: size)
    frame.put("TerminalHost \(size.width)x\(size.height)", role: .accent, x: 0, y: 0)
    frame.put("last: \(last)", x: 0, y: 1)
    frame.put(background, role: .textDim, x: 0, y: 2)
    frame.put("한국어 キー ❤️ e\u{301}|", role: .danger, x: 0, y: 3)
    for y in 4..<max(4, size.height) {
      frame.put(glyphs.border.vertical, role: .border, x: 0, y: y)
      frame.put("key:\(y * 7919 % 1000):\(y)", x: 4, y: y, maxWidth: size.width - 6)
      frame.put("HSH", role: .typeHsh, x: 60, y: y)
      for x in stride(from: 80, to: size.width - 10, by: 17) {
        frame.put("v\(x * y % 997)", role: .text, x: x, y: y)
      }
      if y == selected {
        frame.select(Rect(x: 1, y: y, width: max(0, size.width - 1), height: 1))
        frame.put(glyphs.cursor, role: .accent, x: 1, y: y)
      }
    }
    frame.cursor = Frame.Cursor(x: min(1, size.width - 1), y: min(selected, size.height - 1), visible: false)
    return frame
  }

  private func overflow(_ depth: Int) -> Int {
    depth == 0 ? 0 : overflow(depth + 1) + depth
  }
}
