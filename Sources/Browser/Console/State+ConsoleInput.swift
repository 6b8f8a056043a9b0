import Canvas
import Commands
import Requests

/// The line of the console.
extension State {
  mutating func handleInConsoleInput(_ key: Key) {
    if console.search != nil {
      handleInHistorySearch(key)
      return
    }
    if console.completion != nil, handleInCompletion(key) { return }
    switch key {
    case .escape: cancelInConsole()
    case .enter: submitConsole()
    case .tab: console.input.text.isEmpty ? focusConsolePane() : complete()
    case .backTab: focusConsolePane()
    case .control("j"):
      console.input.allowLines()
      console.input.insert("\n")
      inputChanged()
    case .control("r"): beginHistorySearch()
    case .control("d") where console.input.text.isEmpty: leaveConsole()
    case .up where console.input.row > 0: console.input.moveLine(by: -1)
    case .down where console.input.row < consoleInputLines - 1: console.input.moveLine(by: 1)
    case .up, .control("p"): walkInConsole(toOlder: true)
    case .down, .control("n"): walkInConsole(toOlder: false)
    case .shiftUp: scrollConsole(.up)
    case .shiftDown: scrollConsole(.down)
    default:
      guard console.input.handle(key, kills: &kills) else { return }
      inputChanged()
    }
  }

  private var consoleInputLines: Int {
    console.input.text.split(separator: "\n", omittingEmptySubsequences: false).count
  }

  /// What is typed may take another number of rows; what was offered for what stood there is offered no more.
  mutating func inputChanged() {
    console.completion = nil
    resize(to: size)
  }

  private mutating func walkInConsole(toOlder: Bool) {
    var field = console.input
    console.walk.move(toOlder: toOlder, in: console.history, field: &field)
    if field.text.contains("\n") { field.allowLines() }
    console.input = field
    inputChanged()
  }

  /// Text in one piece, typed or pasted. Its lines are lines; nothing is sent before Enter.
  mutating func insertInConsole(_ bytes: [UInt8]) {
    console.search = nil
    let text = TextArea.oneLine(bytes)
    let lines = text.split(separator: 0x0A, omittingEmptySubsequences: false)
    let shown = Self.visible(text)
    guard consoleHasRoom(for: text.count) else { return }
    if lines.count > 1 { console.input.allowLines() }
    console.input.insert(shown)
    if !shown.utf8.elementsEqual(Self.withBlanks(text)) {
      say("bytes that cannot be shown stand as \\xhh: they are bytes again only inside \"…\"", .warning)
    }
    console.focus = .input
    inputChanged()
  }

  /// Lines as they can stand in a field: nothing invisible in them.
  private static func visible(_ text: [UInt8]) -> String {
    withBlanks(text).split(separator: 0x0A, omittingEmptySubsequences: false).map { Escape.visible($0) }
      .joined(separator: "\n")
  }

  /// A tab between words is a blank.
  private static func withBlanks(_ text: [UInt8]) -> [UInt8] { text.map { $0 == 0x09 ? 0x20 : $0 } }

  mutating func typeInConsole(_ text: String) {
    guard consoleHasRoom(for: text.utf8.count) else { return }
    if console.search != nil {
      for character in text { handleInHistorySearch(.character(character)) }
      return
    }
    console.input.type(text)
    inputChanged()
  }

  /// Bytes that the line takes: a script with its arguments.
  static let consoleLimit = 64 << 10

  private mutating func consoleHasRoom(for count: Int) -> Bool {
    if console.input.text.utf8.count + count <= Self.consoleLimit { return true }
    say(
      "that is too long for this line: the limit is \(Format.size(Self.consoleLimit)); 'keyglass exec -f' runs a file",
      .warning)
    return false
  }

  // MARK: - The history

  mutating func take(history: [String]) {
    // What was sent before the file was read is newer.
    console.history += history.map { Self.visible(Array($0.utf8)) }
  }

  /// Remembers a line. One with a secret is left out, as in redis-cli.
  mutating func remember(line: String, words: [[[UInt8]]]) {
    // A comment may be a command that was only meant to rest.
    let comments = line.split(separator: "\n").filter { $0.hasPrefix("#") }.map {
      SplitLine($0.dropFirst()).words.map(\.bytes)
    }
    guard !(words + comments).contains(where: { CommandSecrets.isSensitive($0) }) else { return }
    guard console.history.first.map({ $0.utf8.elementsEqual(line.utf8) }) != true else { return }
    console.history.insert(line, at: 0)
    if console.history.count > 1_000 { console.history.removeLast() }
    outbox.append(.remember(line))
  }
}

/// `^R`: what was sent before and holds this text, newest first.
struct HistorySearch: Sendable, Equatable {
  var text = ""
  /// Which entry is shown; nil: none holds the text.
  var hit: Int?
  /// What stood in the line.
  var original: TextField
}

extension State {
  mutating func beginHistorySearch() {
    guard !console.history.isEmpty else {
      say("nothing was sent to this server yet")
      return
    }
    console.search = HistorySearch(original: console.input)
  }

  mutating func handleInHistorySearch(_ key: Key) {
    guard var search = console.search else { return }
    switch key {
    case .escape, .control("g"):
      endHistorySearch(keeping: false)
      return
    case .enter, .tab, .left, .right, .control("a"), .control("e"), .home, .end:
      endHistorySearch(keeping: true)
      return
    case .control("r"): search.hit = find(search.text, from: (search.hit ?? -1) + 1) ?? search.hit
    case .control("s"): search.hit = findNewer(search.text, before: search.hit ?? 0) ?? search.hit
    case .backspace:
      search.text = String(search.text.dropLast())
      search.hit = find(search.text, from: 0)
    case .character(let character):
      search.text.append(character)
      search.hit = find(search.text, from: search.hit ?? 0) ?? find(search.text, from: 0)
    default: return
    }
    console.search = search
  }

  mutating func endHistorySearch(keeping: Bool) {
    guard let search = console.search else { return }
    console.search = nil
    if keeping, let hit = search.hit, console.history.indices.contains(hit) {
      let line = console.history[hit]
      console.input = TextField(line, isMultiline: line.contains("\n"))
    } else {
      console.input = search.original
    }
    inputChanged()
  }

  private func find(_ text: String, from start: Int) -> Int? {
    guard !text.isEmpty else { return nil }
    return console.history.indices.first { $0 >= start && console.history[$0].holds(text) }
  }

  private func findNewer(_ text: String, before end: Int) -> Int? {
    console.history.indices.last { $0 < end && console.history[$0].holds(text) }
  }
}

extension String {
  /// Whether it holds the text; without capitals in that, in any case.
  fileprivate func holds(_ text: String) -> Bool {
    let isExact = text.contains(where: \.isUppercase)
    let (bytes, wanted) = (
      Array((isExact ? self : lowercased()).utf8), Array((isExact ? text : text.lowercased()).utf8)
    )
    return wanted.count <= bytes.count
      && (0...bytes.count - wanted.count).contains { bytes[$0..<$0 + wanted.count].elementsEqual(wanted) }
  }
}
