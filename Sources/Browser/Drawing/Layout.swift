import Canvas

/// Where the parts of the main screen lie, from its size alone and which pane is asked for.
struct Layout: Equatable {
  /// Below this nothing can be shown.
  static let smallest = Size(width: 40, height: 10)

  var header: Rect
  /// nil: not on the screen.
  var list: Rect?
  var value: Rect?
  /// What came back in the console, and its line; nil where they are not on the screen.
  var console: Rect?
  var consoleInput: Rect?
  var footer: Rect

  /// - Parameters:
  ///   - console: what of the console is on the screen.
  ///   - hasBanner: a line under the header is taken.
  init(
    size: Size, focus: State.Focus, isZoomed: Bool, console: ConsoleExtent = ConsoleExtent(), hasBanner: Bool = false
  ) {
    let top = hasBanner ? 2 : 1
    var body = Rect(x: 0, y: top, width: size.width, height: max(0, size.height - top - 1))
    if console.inputHeight > 0 {
      body.height = max(0, body.height - console.inputHeight)
      consoleInput = Rect(x: 0, y: body.maxY, width: size.width, height: console.inputHeight)
    }
    if console.hasPane {
      // Beside less than this the browser would show nothing.
      let isAlone = console.isZoomed || size.height < 16
      let height = isAlone ? body.height : max(6, body.height * 45 / 100)
      body.height -= height
      self.console = Rect(x: 0, y: body.maxY, width: size.width, height: height)
    }
    guard body.height > 0 else {
      header = Rect(x: 0, y: 0, width: size.width, height: 1)
      footer = Rect(x: 0, y: size.height - 1, width: size.width, height: 1)
      return
    }
    header = Rect(x: 0, y: 0, width: size.width, height: 1)
    footer = Rect(x: 0, y: size.height - 1, width: size.width, height: 1)
    // Side by side a few rows are enough.
    let lowest = console.hasPane && size.width >= 100 ? 6 : 14
    if isZoomed || size.width < 60 || body.height < lowest {
      if focus == .list { list = body } else { value = body }
    } else if size.width >= 100 {
      let left = size.width * 58 / 100
      list = Rect(x: 0, y: top, width: left, height: body.height)
      value = Rect(x: left, y: top, width: size.width - left, height: body.height)
    } else {
      // The pane that has the keys has the room.
      let upper = (body.height * (focus == .list ? 58 : 42) + 50) / 100
      list = Rect(x: 0, y: top, width: size.width, height: upper)
      value = Rect(x: 0, y: top + upper, width: size.width, height: body.height - upper)
    }
  }

  static func isTooSmall(_ size: Size) -> Bool {
    size.width < smallest.width || size.height < smallest.height
  }
}

/// What of the console is on the screen.
struct ConsoleExtent: Equatable {
  var inputHeight = 0
  var hasPane = false
  var isZoomed = false
}

extension State {
  /// Over the monitor and the memory by prefix there is one thing at a time.
  var layout: Layout {
    Layout(
      size: size, focus: focus, isZoomed: isZoomed || monitor != nil || memory != nil, console: consoleExtent,
      hasBanner: isBannerShown)
  }

  var consoleExtent: ConsoleExtent {
    ConsoleExtent(inputHeight: consoleInputHeight, hasPane: console.pane.isShown, isZoomed: console.pane.isZoomed)
  }

  /// Rows of the list that fit: inside its frame, under its heading.
  var listHeight: Int { max(1, (layout.list?.height ?? 4) - 3) }

  /// Rows of the memory by prefix that fit: inside its frame, under the sum and the heading.
  var memoryHeight: Int { max(1, (layout.list?.height ?? 5) - 4) }

  /// Cells inside the value pane's frame and its margin.
  var valueWidth: Int {
    max(8, (layout.value ?? Layout(size: size, focus: .value, isZoomed: true).value)?.width ?? 40) - 4
  }

  /// Lines that the key's name, facts and TTL take at the top of the value pane.
  var valueHeadHeight: Int { ValueHead(self).height }

  /// Rows for the value itself.
  var valueHeight: Int {
    let pane = layout.value ?? layout.list
    return max(1, (pane?.height ?? 4) - 2 - valueHeadHeight - valueHeadingHeight)
  }

  /// The line that names the columns of a collection.
  var valueHeadingHeight: Int {
    if value.detail != nil { return 1 }
    if case .collection = value.content { return 1 }
    return 0
  }
}
