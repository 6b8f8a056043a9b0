/// A width and a height in terminal cells.
package struct Size: Equatable, Hashable, Sendable {
  package var width: Int
  package var height: Int

  package init(width: Int, height: Int) {
    self.width = width
    self.height = height
  }
}

/// A rectangle of cells; the origin is the top left corner of the screen. Width and height are never negative.
package struct Rect: Equatable, Hashable, Sendable {
  package var x: Int
  package var y: Int
  package var width: Int
  package var height: Int

  package init(x: Int, y: Int, width: Int, height: Int) {
    self.x = x
    self.y = y
    self.width = max(0, width)
    self.height = max(0, height)
  }

  /// The whole of a screen of this size.
  package init(_ size: Size) {
    self.init(x: 0, y: 0, width: size.width, height: size.height)
  }

  /// The first column right of the rectangle.
  package var maxX: Int { x + width }
  /// The first row below the rectangle.
  package var maxY: Int { y + height }
  package var isEmpty: Bool { width == 0 || height == 0 }

  package func contains(x: Int, y: Int) -> Bool {
    x >= self.x && x < maxX && y >= self.y && y < maxY
  }

  /// What both rectangles cover; empty where they do not meet.
  package func intersection(_ other: Rect) -> Rect {
    let left = max(x, other.x)
    let top = max(y, other.y)
    return Rect(
      x: left, y: top, width: min(maxX, other.maxX) - left, height: min(maxY, other.maxY) - top)
  }
}

extension Rect {
  /// The same rectangle with so many columns and rows taken from each of its sides: `inset()` is the inside of a box.
  package func inset(dx: Int = 1, dy: Int = 1) -> Rect {
    Rect(
      x: x + min(dx, width), y: y + min(dy, height), width: width - 2 * dx, height: height - 2 * dy)
  }

  /// The leftmost columns.
  package func left(_ columns: Int) -> Rect {
    Rect(x: x, y: y, width: min(columns, width), height: height)
  }

  /// The rightmost columns.
  package func right(_ columns: Int) -> Rect {
    let kept = max(0, min(columns, width))
    return Rect(x: maxX - kept, y: y, width: kept, height: height)
  }

  /// The topmost rows.
  package func top(_ rows: Int) -> Rect {
    Rect(x: x, y: y, width: width, height: min(rows, height))
  }

  /// The lowest rows.
  package func bottom(_ rows: Int) -> Rect {
    let kept = max(0, min(rows, height))
    return Rect(x: x, y: maxY - kept, width: width, height: kept)
  }

  /// The leftmost columns, and what is right of them.
  package func split(left columns: Int) -> (left: Rect, right: Rect) {
    let first = left(columns)
    return (first, right(width - first.width))
  }

  /// The rightmost columns, and what is left of them.
  package func split(right columns: Int) -> (left: Rect, right: Rect) {
    let last = right(columns)
    return (left(width - last.width), last)
  }

  /// The topmost rows, and what is below them.
  package func split(top rows: Int) -> (top: Rect, bottom: Rect) {
    let first = top(rows)
    return (first, bottom(height - first.height))
  }

  /// The lowest rows, and what is above them.
  package func split(bottom rows: Int) -> (top: Rect, bottom: Rect) {
    let last = bottom(rows)
    return (top(height - last.height), last)
  }

  /// A rectangle of that size in the middle of this one, made smaller where it would not fit.
  package func centered(_ size: Size) -> Rect {
    let width = min(size.width, self.width)
    let height = min(size.height, self.height)
    return Rect(
      x: x + (self.width - width) / 2, y: y + (self.height - height) / 2, width: width, height: height)
  }
}
