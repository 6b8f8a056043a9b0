package import Canvas

/// Text that is being typed, with readline's keys. What is typed is text under the escape rule: `\x00` is one byte.
///
/// It may hold several lines (``TextArea``). What readline does to the line is done to the one with the cursor.
package struct TextField: Sendable, Equatable {
  package private(set) var text: String
  /// UTF-8 bytes before the cursor, which always stands between two characters: a combining mark that is typed joins
  /// the character before it.
  private(set) var cursor: Int
  /// A line feed is itself; else it is typed `\x0a`.
  package private(set) var isMultiline: Bool
  private let beganMultiline: Bool
  private let original: String
  private var undos = UndoSteps()

  package init(_ text: String = "", isMultiline: Bool = false) {
    self.text = text
    self.isMultiline = isMultiline
    beganMultiline = isMultiline
    original = text
    cursor = text.utf8.count
  }

  package var textBeforeCursor: Substring { text[..<index(cursor)] }

  /// Puts text in at the cursor, as one step for undo.
  package mutating func insert(_ added: String) {
    let fits = isMultiline || !added.utf8.contains(Self.lineFeed)
    replace(cursor..<cursor, with: fits ? added : Escape.string(Escape.typed(added), context: .value))
  }

  /// The same for text that was typed: it is undone with what was typed around it.
  package mutating func type(_ typed: String) { replace(cursor..<cursor, with: typed, isTyping: true) }

  /// The text between two places, UTF-8 offsets.
  func part(_ range: Range<Int>) -> String {
    String(decoding: Array(text.utf8)[range.clamped(to: 0..<text.utf8.count)], as: UTF8.self)
  }

  /// Puts text in place of what stands there, as one step for undo; the cursor goes behind it.
  mutating func replaceText(_ range: Range<Int>, with new: String) {
    replace(range.clamped(to: 0..<text.utf8.count), with: new)
  }

  func isBlankBehind(_ range: Range<Int>) -> Bool {
    text.utf8.dropFirst(range.upperBound).first == UInt8(ascii: " ")
  }

  /// From here on several lines can be typed.
  package mutating func allowLines() { isMultiline = true }

  /// Takes the key if it edits or moves; false leaves it to the caller.
  package mutating func handle(_ key: Key, kills: inout KillBuffer) -> Bool {
    switch key {
    case .character(let character): replace(cursor..<cursor, with: String(character), isTyping: true)
    case .left, .control("b"): cursor = position(before: cursor)
    case .right, .control("f"): cursor = position(after: cursor)
    case .home, .control("a"): cursor = line.lowerBound
    case .end, .control("e"): cursor = line.upperBound
    case .alt("b"): cursor = wordStart(Self.isInWord)
    case .alt("f"): cursor = wordEnd
    case .backspace: replace(position(before: cursor)..<cursor, with: "")
    case .delete, .control("d"): replace(cursor..<position(after: cursor), with: "")
    case .control("u"): kill(line.lowerBound..<cursor, &kills)
    case .control("k"): kill(cursor..<line.upperBound, &kills)
    case .control("w"): kill(wordStart { $0 != " " && $0 != "\n" }..<cursor, &kills)
    case .alt("d"): kill(cursor..<wordEnd, &kills)
    case .altBackspace: kill(wordStart(Self.isInWord)..<cursor, &kills)
    case .control("y"): insert(kills.text)
    case .control("t"): transpose()
    case .alt("u"): changeWord { $0.uppercased() }
    case .alt("l"): changeWord { $0.lowercased() }
    case .alt("c"): changeWord(Self.capitalized)
    case .control("_"): undo()
    case .alt("r"): replace(0..<text.utf8.count, with: original)
    default: return false
    }
    return true
  }

  // MARK: - Places

  private func index(_ offset: Int) -> String.Index { text.utf8.index(text.startIndex, offsetBy: offset) }

  private func offset(_ index: String.Index) -> Int { text.utf8.distance(from: text.startIndex, to: index) }

  private func position(before offset: Int) -> Int { self.offset(index(before: index(offset))) }

  private func position(after offset: Int) -> Int { self.offset(index(after: index(offset))) }

  /// Where the character before a place begins; the place itself at the beginning.
  private func index(before index: String.Index) -> String.Index {
    guard index > text.startIndex else { return index }
    var index = text.index(before: index)
    while !isBoundary(index) { index = text.index(before: index) }
    return index
  }

  private func index(after index: String.Index) -> String.Index {
    guard index < text.endIndex else { return index }
    var index = text.index(after: index)
    while !isBoundary(index) { index = text.index(after: index) }
    return index
  }

  /// Between two characters, also as they are drawn: a few that Unicode tells apart come together in one glyph.
  private func isBoundary(_ index: String.Index) -> Bool {
    guard index > text.startIndex, index < text.endIndex else { return true }
    guard String.Index(index, within: text) != nil else { return false }
    let (left, right) = (text[..<index].suffix(1), text[index...].prefix(1))
    if left.utf8.count == 1 || right.utf8.count == 1 { return true }
    return DisplayText(left).width + DisplayText(right).width == DisplayText(left + right).width
  }

  /// The line with the cursor, without its line feed.
  var line: Range<Int> {
    let (before, behind) = (text.utf8[..<index(cursor)], text.utf8[index(cursor)...])
    let start = before.lastIndex(of: Self.lineFeed).map { text.utf8.index(after: $0) } ?? text.startIndex
    return offset(start)..<offset(behind.firstIndex(of: Self.lineFeed) ?? text.endIndex)
  }

  /// The same as text, and what of it stands before the cursor.
  var currentLine: (text: Substring, before: Substring) {
    let line = line
    return (text[index(line.lowerBound)..<index(line.upperBound)], text[index(line.lowerBound)..<index(cursor)])
  }

  /// Lines before the one with the cursor.
  var row: Int { text.utf8[..<index(cursor)].reduce(0) { $0 + ($1 == Self.lineFeed ? 1 : 0) } }

  /// To another line, as near as can be to the same column of the screen.
  mutating func moveLine(by count: Int) {
    let column = DisplayText(currentLine.before).width
    for _ in 0..<abs(count) {
      let line = line
      let next = count < 0 ? line.lowerBound - 1 : line.upperBound + 1
      guard next >= 0, next <= text.utf8.count else { break }
      cursor = next
    }
    cursor = line.lowerBound
    let end = line.upperBound
    var width = 0
    while cursor < end {
      let next = position(after: cursor)
      width += DisplayText(text[index(cursor)..<index(next)]).width
      if width > column { break }
      cursor = next
    }
  }

  private static let lineFeed = UInt8(ascii: "\n")

  // MARK: - Words

  /// readline's words: letters and digits.
  private static func isInWord(_ character: Character) -> Bool { character.isLetter || character.isNumber }

  /// Where the word before the cursor begins.
  private func wordStart(_ isInWord: (Character) -> Bool) -> Int {
    var start = index(cursor)
    func skip(while condition: (Character) -> Bool) {
      while start > text.startIndex, condition(text[index(before: start)]) { start = index(before: start) }
    }
    skip { !isInWord($0) }
    skip(while: isInWord)
    return offset(start)
  }

  /// Where the word behind the cursor ends.
  private var wordEnd: Int {
    var end = index(cursor)
    while end < text.endIndex, !Self.isInWord(text[end]) { end = index(after: end) }
    while end < text.endIndex, Self.isInWord(text[end]) { end = index(after: end) }
    return offset(end)
  }

  private mutating func changeWord(_ change: (String) -> String) {
    let range = cursor..<wordEnd
    replace(range, with: change(String(text[index(range.lowerBound)..<index(range.upperBound)])))
  }

  private static func capitalized(_ word: String) -> String {
    let head = word.prefix { !isInWord($0) }
    let rest = word.dropFirst(head.count)
    return head + rest.prefix(1).uppercased() + rest.dropFirst().lowercased()
  }

  // MARK: - Changes

  /// The characters around the cursor change places; at the line's end the two before it.
  private mutating func transpose() {
    let line = line
    let middle = cursor == line.upperBound ? position(before: cursor) : cursor
    guard middle > line.lowerBound, middle < line.upperBound else { return }
    let range = position(before: middle)..<position(after: middle)
    let first = text[index(range.lowerBound)..<index(middle)]
    let second = text[index(middle)..<index(range.upperBound)]
    replace(range, with: String(second + first))
  }

  private mutating func kill(_ range: Range<Int>, _ kills: inout KillBuffer) {
    kills.take(String(text[index(range.lowerBound)..<index(range.upperBound)]), isBefore: range.upperBound == cursor)
    replace(range, with: "")
  }

  /// The only place where the text changes, but for its way back.
  private mutating func replace(_ range: Range<Int>, with new: String, isTyping: Bool = false) {
    let old = String(text[index(range.lowerBound)..<index(range.upperBound)])
    guard !old.isEmpty || !new.isEmpty else { return }
    undos.add(
      UndoSteps.Step(at: range.lowerBound, removed: old, inserted: new, cursor: cursor, isTyping: isTyping))
    put(new, in: range)
    moveCursor(to: range.lowerBound + new.utf8.count)
  }

  private mutating func undo() {
    guard let step = undos.take() else { return }
    put(step.removed, in: step.at..<step.end)
    moveCursor(to: step.cursor)
    // The lines are gone that had made it a field of several.
    if !beganMultiline, !text.utf8.contains(Self.lineFeed) { isMultiline = false }
  }

  /// By code points: what was put in may have become a part of a character.
  private mutating func put(_ new: String, in range: Range<Int>) {
    text.unicodeScalars.replaceSubrange(index(range.lowerBound)..<index(range.upperBound), with: new.unicodeScalars)
  }

  /// There, or behind the character that this is the middle of.
  private mutating func moveCursor(to offset: Int) {
    let index = index(offset)
    cursor = isBoundary(index) ? offset : self.offset(self.index(after: index))
  }
}
