import Canvas
import Requests

extension Painter {
  /// What is followed, and how many names a second, in at most `room` cells; empty when nothing is, or nothing fits.
  func followText(room: Int) -> DisplayText {
    let rate: DisplayText
    switch state.following.state {
    case .off: return DisplayText()
    case .on(_, let perSecond): rate = text("\(Format.count(perSecond))/s", .header)
    case .interrupted: rate = text("interrupted", .stale)
    }
    let verb = text("following ", .textDim)
    var what = text("all keys", .header)
    if let prefix = state.following.state.prefix, !prefix.isEmpty { what = outside(prefix, .header, cells: 80) }
    let left = room - verb.width - rate.width - 1
    if left >= min(what.width, 4) {
      let shown = what.middleTruncated(to: min(left, 24), ellipsis: glyphs.ellipsis)
      return verb + shown + text(" ", .header) + rate
    }
    return verb.width + rate.width <= room ? verb + rate : DisplayText()
  }
}
