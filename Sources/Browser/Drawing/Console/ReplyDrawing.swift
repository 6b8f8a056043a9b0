import Canvas
import Requests

extension Painter {
  /// A line of a reply as cells, at most a little more than `cells` of them.
  func reply(_ line: ReplyLine, cells: Int) -> DisplayText {
    var shown = DisplayText()
    for part in line.parts where shown.width <= cells {
      if part.role == .time {
        shown += text(clock(part.bytes) + "  ", .textDim)
      } else if part.role == .escaped {
        shown += DisplayText(String(decoding: part.bytes.prefix(4 * max(0, cells)), as: UTF8.self), role: .text)
      } else if part.isQuoted {
        shown += Escape.displayQuoted(part.bytes, limit: cells - shown.width, role: part.role.screen)
      } else {
        shown += outside(part.bytes, part.role.screen, cells: cells - shown.width + 1)
      }
      if part.omitted > 0 { shown += text(" (\(Format.size(part.omitted)) more)", .textDim) }
    }
    return shown
  }

  /// `12:00:01.250` local, of ms since 1970.
  private func clock(_ digits: [UInt8]) -> String {
    guard let wall = Int64(String(decoding: digits, as: UTF8.self)) else { return "" }
    let seconds = wall / 1_000
    let local = DateText.utc(milliseconds: (seconds + state.setup.localOffset(seconds)) * 1_000) ?? ""
    let rest = "\(wall % 1_000)"
    return local.dropFirst(11).prefix(8) + "." + String(repeating: "0", count: 3 - rest.count) + rest
  }
}

extension ReplyLine.Role {
  /// How the screen shows it.
  var screen: Role {
    switch self {
    case .sign, .time: .textDim
    case .text, .escaped: .text
    case .string: .jsonString
    case .number: .jsonNumber
    case .null, .boolean: .jsonLiteral
    case .error: .danger
    case .status: .ok
    case .attribute: .field
    }
  }
}
