/// A cursor and a first visible row over a list of some number of rows.
package struct Viewport: Sendable, Equatable {
  package var cursor = 0
  package var top = 0

  package init(cursor: Int = 0, top: Int = 0) {
    self.cursor = cursor
    self.top = top
  }

  package mutating func move(_ move: Move, count: Int, height: Int) {
    let page = max(1, height - 1)
    switch move {
    case .up: cursor -= 1
    case .down: cursor += 1
    case .halfUp: cursor -= max(1, height / 2)
    case .halfDown: cursor += max(1, height / 2)
    case .pageUp: cursor -= page
    case .pageDown: cursor += page
    case .first: cursor = 0
    case .last: cursor = max(0, count - 1)
    }
    show(count: count, height: height)
  }

  /// Keeps the cursor inside the list and on the screen.
  package mutating func show(count: Int, height: Int) {
    cursor = min(max(0, cursor), max(0, count - 1))
    let height = max(1, height)
    if cursor < top { top = cursor }
    if cursor >= top + height { top = cursor - height + 1 }
    top = min(max(0, top), max(0, count - height))
  }

  /// The same for a view without a cursor of its own, which scrolls as a page.
  package mutating func scroll(_ move: Move, count: Int, height: Int) {
    let last = max(0, count - max(1, height))
    switch move {
    case .up: top -= 1
    case .down: top += 1
    case .halfUp: top -= max(1, height / 2)
    case .halfDown: top += max(1, height / 2)
    case .pageUp: top -= max(1, height - 1)
    case .pageDown: top += max(1, height - 1)
    case .first: top = 0
    case .last: top = last
    }
    top = min(max(0, top), last)
    cursor = top
  }
}

package enum Move: Sendable, Equatable {
  case up
  case down
  case halfUp
  case halfDown
  case pageUp
  case pageDown
  case first
  case last
}
