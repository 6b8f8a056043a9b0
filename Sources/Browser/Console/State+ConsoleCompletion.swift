import Canvas
import Commands
import Keyspace
import Requests

/// What Tab offers.
struct CompletionMenu: Sendable, Equatable {
  struct Candidate: Sendable, Equatable {
    /// As it stands in the line.
    var text: String
    var detail: String
  }

  var candidates: [Candidate]
  /// nil: what was typed stands there.
  var selected: Int?
  /// What was typed, and where it stands in the line: UTF-8 offsets.
  var typed: String
  var range: Range<Int>
  /// There are more than these.
  var isPartial = false
}

extension State {
  /// Names that are offered of the key space.
  private static let mostNames = 200

  /// Tab: the one that fits, what all have in common, or the choice.
  mutating func complete() {
    let (line, offset, cursor) = commandAtCursor
    let completion = Completion(line: line, cursor: cursor, table: console.table)
    var wantsKeys = false
    var candidates = completion.candidates.map { CompletionMenu.Candidate(text: $0.text, detail: $0.detail) }
    for subject in completion.subjects {
      switch subject {
      case .key: wantsKeys = true
      case .field(let key): candidates += parts(of: key, completion, isField: true)
      case .member(let key): candidates += parts(of: key, completion, isField: false)
      default: break
      }
    }
    let range = completion.range.lowerBound + offset..<completion.range.upperBound + offset
    let typed = console.input.part(range)
    if wantsKeys {
      console.keyCompletion = KeyCompletion(
        candidates: candidates, range: range, typed: typed, quote: completion.quote, field: console.input)
      ask(.completion, .console(.names(prefix: completion.typed, limit: Self.mostNames)))
    } else {
      offer(candidates, in: range, typed: typed)
    }
  }

  /// The command that the cursor is in, where it begins in the text, and the cursor in it.
  var commandAtCursor: (line: String, offset: Int, cursor: Int) {
    let text = console.input.text
    let cursor = console.input.cursor
    var offset = 0
    var found = ""
    for line in CommandLines.split(text) {
      let start = text.utf8.distance(from: text.startIndex, to: line.startIndex)
      guard start <= cursor else { break }
      (offset, found) = (start, String(line))
    }
    // Behind the last command a new one begins.
    guard cursor <= offset + found.utf8.count else {
      let start = text.utf8.prefix(cursor).lastIndex(of: UInt8(ascii: "\n")).map {
        text.utf8.distance(from: text.startIndex, to: $0) + 1
      }
      let from = max(start ?? 0, 0)
      return (String(decoding: text.utf8.dropFirst(from).prefix(cursor - from), as: UTF8.self), from, cursor - from)
    }
    return (found, offset, cursor - offset)
  }

  /// Fields or members of the value that is open, where it is that of this key.
  private func parts(of key: [UInt8], _ completion: Completion, isField: Bool) -> [CompletionMenu.Candidate] {
    guard value.key == KeyName(key), case .collection(let view) = value.content else { return [] }
    return view.partNames(isField: isField).filter { $0.starts(with: completion.typed) }.prefix(Self.mostNames).map {
      CompletionMenu.Candidate(
        text: QuotedWord.text($0, openWith: completion.quote), detail: isField ? "field" : "member")
    }
  }

  /// The names of keys came.
  mutating func takeCompletion(of names: [KeyName]) {
    guard let pending = console.keyCompletion else { return }
    console.keyCompletion = nil
    guard console.focus == .input, console.search == nil, console.input == pending.field else { return }
    let keys = names.map {
      CompletionMenu.Candidate(text: QuotedWord.text($0.bytes, openWith: pending.quote), detail: "key")
    }
    offer(pending.candidates + keys, in: pending.range, typed: pending.typed, isPartial: names.count >= Self.mostNames)
  }

  private mutating func offer(
    _ candidates: [CompletionMenu.Candidate], in range: Range<Int>, typed: String, isPartial: Bool = false
  ) {
    guard let first = candidates.first else {
      say("nothing fits here")
      return
    }
    guard candidates.count > 1 || isPartial else {
      console.input.replaceText(range, with: first.text + (console.input.isBlankBehind(range) ? "" : " "))
      inputChanged()
      return
    }
    let common = Self.commonPrefix(candidates.map(\.text))
    var range = range
    var typed = typed
    // Never less than what was typed, whatever its case.
    if common.utf8.count > typed.utf8.count {
      console.input.replaceText(range, with: common)
      range = range.lowerBound..<range.lowerBound + common.utf8.count
      typed = common
    }
    console.completion = CompletionMenu(
      candidates: candidates, selected: nil, typed: typed, range: range, isPartial: isPartial)
  }

  private static func commonPrefix(_ texts: [String]) -> String {
    // By code points: what is equal to look at may be other bytes.
    guard var common = texts.first.map({ Array($0.unicodeScalars) }) else { return "" }
    for text in texts.dropFirst() {
      common = Array(zip(common, text.unicodeScalars).prefix { $0 == $1 }.map(\.0))
    }
    var text = ""
    text.unicodeScalars += common
    return withoutHalfEscape(text)
  }

  /// In quotes the text must not end within `\xhh` or behind a backslash: going on, it would be read as another byte.
  private static func withoutHalfEscape(_ text: String) -> String {
    let bytes = Array(text.utf8)
    guard let quote = bytes.first, quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { return text }
    var index = 1
    while index < bytes.count {
      guard bytes[index] == UInt8(ascii: "\\") else {
        index += 1
        continue
      }
      let isByte = quote == UInt8(ascii: "\"") && index + 1 < bytes.count && bytes[index + 1] == UInt8(ascii: "x")
      let end = index + (isByte ? 4 : 2)
      if end > bytes.count { return String(decoding: bytes[..<index], as: UTF8.self) }
      index = end
    }
    return text
  }

  /// The menu is open. False: the key is not for it.
  mutating func handleInCompletion(_ key: Key) -> Bool {
    guard var menu = console.completion else { return false }
    let count = menu.candidates.count
    switch key {
    case .tab, .down, .control("n"): menu.selected = menu.selected.map { $0 + 1 < count ? $0 + 1 : 0 } ?? 0
    case .backTab, .up, .control("p"): menu.selected = menu.selected.map { $0 > 0 ? $0 - 1 : count - 1 } ?? count - 1
    case .escape:
      console.input.replaceText(menu.range, with: menu.typed)
      console.completion = nil
      return true
    case .enter where menu.selected != nil:
      console.completion = nil
      if !console.input.isBlankBehind(menu.range) { console.input.insert(" ") }
      return true
    default:
      console.completion = nil
      return false
    }
    let text = menu.selected.map { menu.candidates[$0].text } ?? menu.typed
    console.input.replaceText(menu.range, with: text)
    menu.range = menu.range.lowerBound..<menu.range.lowerBound + text.utf8.count
    console.completion = menu
    return true
  }
}

/// A completion that waits for the names of keys.
struct KeyCompletion: Sendable, Equatable {
  var candidates: [CompletionMenu.Candidate]
  var range: Range<Int>
  var typed: String
  var quote: UInt8?
  /// The line as it was, with its cursor: names for another are of no use.
  var field: TextField
}
