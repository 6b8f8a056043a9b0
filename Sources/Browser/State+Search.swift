import Canvas
import Requests
import Values

extension State {
  /// The next or previous place of the text in the open string; windows are read until it is found.
  mutating func findAgain(forward: Bool) {
    guard case .string(var view) = value.content else { return }
    guard !value.search.isEmpty else {
      say("nothing was searched for yet: / searches")
      return
    }
    if view.find(value.search, forward: forward) {
      value.content = .string(view)
    } else if forward, view.end < view.length {
      view.readOn(overlap: value.search.count)
      value.content = .string(view)
      value.isSearching = true
    } else {
      say(value.search + Array((forward ? " is not found from here on" : " is not found before this").utf8), .warning)
    }
  }

  /// A window came while a search was reading on.
  mutating func continueSearch() {
    guard value.isSearching else { return }
    value.isSearching = false
    findAgain(forward: true)
  }
}

extension StringView {
  /// Goes to the next place of `text` in the loaded bytes.
  mutating func find(_ text: [UInt8], forward: Bool) -> Bool {
    let from = match.map { $0.lowerBound - offset } ?? (forward ? -1 : bytes.count)
    let candidates: [Int] =
      forward
      ? Array(max(0, from + 1)..<max(0, from + 1, bytes.count - text.count + 1))
      : Array((0..<max(0, min(from, bytes.count - text.count + 1))).reversed())
    guard let first = text.first,
      let hit = candidates.first(where: { bytes[$0] == first && bytes[$0..<$0 + text.count].elementsEqual(text) })
    else { return false }
    match = offset + hit..<offset + hit + text.count
    jump(to: offset + hit)
    return true
  }

  /// Asks for the window behind the loaded one; a hit across the edge is not missed.
  mutating func readOn(overlap: Int) {
    match = nil
    request = .bytes(offset: max(0, end - overlap + 1), length: Self.window)
  }
}
