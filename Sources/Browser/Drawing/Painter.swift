package import Canvas
import Keyspace
import Values

/// What every part of the screen is drawn with.
struct Painter {
  let state: State
  let glyphs: GlyphSet
  var frame: Frame
  /// What a click can choose in what lies over the panes.
  var targets: [(area: Rect, target: MouseTarget)] = []

  init(state: State, glyphs: GlyphSet, frame: Frame) {
    self.state = state
    self.glyphs = glyphs
    self.frame = frame
  }

  /// Text of our own.
  func text(_ string: some StringProtocol, _ role: Role = .text) -> DisplayText { DisplayText(string, role: role) }

  /// Bytes from outside, at most a little more than `cells` of them.
  func outside(_ bytes: some Collection<UInt8>, _ role: Role = .text, cells: Int? = nil) -> DisplayText {
    Escape.display(bytes, context: .value, limit: cells, role: role)
  }

  /// A key name, cut in the middle where it is too long: head and tail tell names apart.
  /// - Parameter matches: ranges of its bytes, counted from the first one, to be shown as found.
  func name(
    _ bytes: ArraySlice<UInt8>, _ role: Role = .text, cells: Int, matches: [Range<Int>] = []
  ) -> DisplayText {
    guard bytes.count > 2_048 else {
      return Escape.display(bytes, context: .name, role: role, matches: matches)
        .middleTruncated(to: cells, ellipsis: glyphs.ellipsis)
    }
    // Only the ends of a very long name are looked at; a cut character is not begun in its middle.
    let tail = bytes.suffix(64).drop { $0 & 0xc0 == 0x80 }
    var whole = Escape.display(bytes.prefix(1_024), context: .name, role: role, matches: matches)
    whole.append(
      Escape.display(
        tail, context: .name, role: role, matches: matches.clamped(to: bytes.count - tail.count..<bytes.count)))
    return whole.middleTruncated(to: cells, ellipsis: glyphs.ellipsis)
  }

  /// Facts in one line, with dots between.
  func joined(_ parts: [DisplayText]) -> DisplayText {
    var line = DisplayText()
    for part in parts where !part.isEmpty {
      if !line.isEmpty {
        line.append(" ")
        line.append(glyphs.dot, role: .textDim)
        line.append(" ")
      }
      line.append(part)
    }
    return line
  }

  fileprivate mutating func drawAll() {
    drawHeader()
    let layout = state.layout
    if state.setup.isServerless {
      // Only what lies over the panes.
    } else if state.isServerShown {
      drawServerScreen()
    } else if state.isMonitorShown {
      if layout.list != nil { drawMonitor() }
    } else if state.isMemoryShown {
      if let area = layout.list { drawMemory(in: area) }
    } else {
      if let area = layout.list { drawList(in: area) }
      if let area = layout.value { drawValue(in: area) }
    }
    greyData(in: [layout.list, layout.value])
    if let area = layout.console { drawConsole(in: area) }
    if let area = layout.consoleInput { drawConsoleInput(in: area) }
    drawFooter(in: layout.footer)
    drawOverlay()
    drawBanner()
  }

  /// A production server's name, for every frame that lies over the panes; else empty.
  var productionName: DisplayText {
    state.isProduction ? outside(Array(state.serverName.utf8), .danger, cells: 40) : DisplayText()
  }

  /// The frame of a pane: on a production server the one with the keys has a colour of its own.
  func border(isFocused: Bool) -> Role { isFocused ? (state.isProduction ? .borderProd : .borderFocus) : .border }

  var denied: DisplayText {
    var text = DisplayText()
    text.append(glyphs.denied, role: .warn)
    return text
  }
}

extension Browser {
  /// Draws the whole screen. Pure: the same state gives the same frame.
  package static func draw(_ state: State, glyphs: GlyphSet, into frame: inout Frame) {
    guard !Layout.isTooSmall(frame.size) else {
      frame.put("keyglass: too small", role: .warn, x: 0, y: 0)
      frame.put("needs \(Layout.smallest.width)x\(Layout.smallest.height)", x: 0, y: 1)
      if !frame.bounds.isEmpty { frame.cursor = Frame.Cursor(x: 0, y: 0, visible: false) }
      return
    }
    Escape.$charset.withValue(state.setup.charset) {
      var painter = Painter(state: state, glyphs: glyphs, frame: frame)
      painter.drawAll()
      frame = painter.frame
    }
  }
}

extension [Range<Int>] {
  /// What of them lies in the bounds, counted from there.
  func clamped(to bounds: Range<Int>) -> Self {
    compactMap { range in
      let part = range.clamped(to: bounds)
      return part.isEmpty ? nil : part.lowerBound - bounds.lowerBound..<part.upperBound - bounds.lowerBound
    }
  }
}

extension KeyType {
  /// Three letters, at every width.
  package var badge: String {
    switch self {
    case .string: "STR"
    case .list: "LST"
    case .hash: "HSH"
    case .set: "SET"
    case .sortedSet: "ZST"
    case .stream: "STM"
    case .json: "JSN"
    case .other: "???"
    }
  }

  var role: Role {
    switch self {
    case .string: .typeStr
    case .list: .typeLst
    case .hash: .typeHsh
    case .set: .typeSet
    case .sortedSet: .typeZst
    case .stream: .typeStm
    case .json: .typeJsn
    case .other: .typeOther
    }
  }

  /// What so many of its parts are called.
  func partsName(_ count: Int) -> String {
    let part =
      switch self {
      case .string: "byte"
      case .list, .json, .other: "element"
      case .hash: "field"
      case .set, .sortedSet: "member"
      case .stream: count == 1 ? "entry" : "entrie"
      }
    return count == 1 ? part : part + "s"
  }

  /// So many keys of it: `2 hashes`.
  func counted(_ count: Int) -> String {
    let plural = self == .hash ? "hashes" : title + "s"
    return "\(Format.count(count)) \(count == 1 ? title : plural)"
  }

  var title: String {
    switch self {
    case .sortedSet: "sorted set"
    case .json: "JSON"
    default: word
    }
  }
}

extension TTLState {
  /// The TTL cell, and what it means.
  var cell: (text: String, role: Role) {
    switch self {
    case .unknown: ("?", .textDim)
    case .denied: ("", .warn)
    case .persistent: ("-", .ttlPersistent)
    case .due: ("due", .ttlDue)
    case .gone: ("gone", .ttlGone)
    case .remaining(let left):
      if left < 10_000 {
        (TTLText.cell(remaining: left) + " !", .ttlUrgent)
      } else {
        (TTLText.cell(remaining: left), left < 60_000 ? .ttlNear : .ttlFar)
      }
    }
  }

  /// The same in so many cells: of centuries the hours go.
  func cell(upTo width: Int) -> String {
    let whole = cell.text
    guard whole.count > width, case .remaining = self, let days = whole.split(separator: " ").first else {
      return whole
    }
    return String(days)
  }

  /// The colour of its bar.
  var barRole: Role {
    guard case .remaining(let left) = self else { return .barEmpty }
    return left < 10_000 ? .barDanger : left < 60_000 ? .barWarn : .barFill
  }
}
