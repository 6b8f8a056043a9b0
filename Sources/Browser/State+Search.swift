import Canvas
import Requests
import Values

extension State {
  /// The next or previous place of the text in the string that is shown; windows are read until it is found.
  mutating func findAgain(forward: Bool) {
    guard !value.search.isEmpty else {
      say("nothing was searched for yet: / searches")
      return
    }
    var isFound = false
    var readsOn = false
    let text = value.search
    changeShownString { view in
      isFound = view.find(text, forward: forward)
      guard !isFound, forward, view.format != .json, view.end < view.length else { return }
      view.readOn(overlap: text.count)
      readsOn = true
    }
    value.isSearching = readsOn
    guard !isFound, !readsOn else { return }
    let words =
      forward ? " is not found from here on: N looks before this" : " is not found before this: n looks behind"
    say(text + Array(words.utf8), .warning)
  }

  /// A window came while a search was reading on.
  mutating func continueSearch() {
    guard value.isSearching else { return }
    value.isSearching = false
    findAgain(forward: true)
  }

  /// The string on the screen: the value, or an element of it.
  mutating func changeShownString(_ change: (inout StringView) -> Void) {
    if console.focus == .pane {
      if var detail = console.pane.detail {
        change(&detail.view)
        console.pane.detail = detail
      }
    } else if case .element(let title, var view)? = value.detail {
      change(&view)
      value.detail = .element(title: title, view)
    } else if case .string(var view) = value.content, value.detail == nil {
      change(&view)
      value.content = .string(view)
    }
  }
}

extension StringView {
  /// Goes to the next place of `text`: in the loaded bytes, or in the lines of pretty JSON.
  mutating func find(_ text: [UInt8], forward: Bool) -> Bool {
    if format == .json { return findLine(text, forward: forward) }
    let from = match.map { $0.lowerBound - offset } ?? (forward ? -1 : bytes.count)
    let last = bytes.count - text.count
    guard let first = text.first, last >= 0 else { return false }
    func isHit(_ place: Int) -> Bool {
      bytes[place] == first && bytes[place..<place + text.count].elementsEqual(text)
    }
    let hit: Int?
    if forward {
      hit = from < last ? (max(0, from + 1)...last).first(where: isHit) : nil
    } else {
      hit = from > 0 ? (0...min(from - 1, last)).last(where: isHit) : nil
    }
    guard let hit else { return false }
    match = offset + hit..<offset + hit + text.count
    show(offset + hit)
    return true
  }

  private mutating func findLine(_ text: [UInt8], forward: Bool) -> Bool {
    func isHit(_ index: Int) -> Bool { TextLines.holds(json[index].flatMap(\.bytes), text) }
    let hit: Int?
    if forward {
      hit = json.indices.dropFirst((matchedLine ?? -1) + 1).first(where: isHit)
    } else {
      hit = json.indices.prefix(matchedLine ?? json.count).last(where: isHit)
    }
    guard let hit else { return false }
    matchedLine = hit
    top = firstRow[hit]
    return true
  }

  /// Asks for the window behind the loaded one; a hit across the edge is not missed.
  mutating func readOn(overlap: Int) {
    match = nil
    request = .bytes(offset: max(0, end - overlap + 1), length: Self.window)
  }
}
