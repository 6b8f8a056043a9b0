import Canvas
import Testing

@testable import Browser

/// A field with its keys, as the reducer presses them.
private struct Typist {
  var field = TextField()
  var kills = KillBuffer()

  init(_ text: String = "") { field = TextField(text) }

  mutating func press(_ keys: Key...) { for key in keys { press(key) } }

  mutating func press(_ key: Key) {
    kills.nextKey()
    _ = field.handle(key, kills: &kills)
  }

  mutating func type(_ text: String) { for scalar in text.unicodeScalars { press(.character(Character(scalar))) } }

  /// The text with a bar for the cursor.
  var seen: String { field.textBeforeCursor + "|" + field.text.dropFirst(field.textBeforeCursor.count) }
}

@Suite("Fields with readline's keys") struct FieldTests {
  @Test(arguments: [
    ("one two.three", [Key.alt("b")], "one two.|three"),
    ("one two.three", [.alt("b"), .alt("b"), .alt("b")], "|one two.three"),
    ("one two.three", [.home, .alt("f")], "one| two.three"),
    ("one two.three", [.control("a"), .alt("f"), .alt("f"), .alt("f"), .alt("f")], "one two.three|"),
    ("übung im 3x3 feld", [.home, .alt("f"), .alt("f"), .alt("f")], "übung im 3x3| feld"),
    ("one two.three", [.altBackspace], "one two.|"),
    ("one two.three", [.control("w")], "one |"),
    ("one two.three ", [.altBackspace, .altBackspace], "one |"),
    ("one two.three", [.home, .alt("d")], "| two.three"),
    ("one two.three", [.home, .alt("d"), .alt("d")], "|.three"),
    ("one two", [.control("b"), .control("b"), .control("b"), .control("k")], "one |"),
    ("one two", [.left, .left, .left, .control("u")], "|two"),
    ("abc", [.control("t")], "acb|"),
    ("abc", [.left, .control("t")], "acb|"),
    ("abc", [.left, .left, .control("t")], "ba|c"),
    ("abc", [.home, .control("t")], "|abc"),
    ("a", [.control("t")], "a|"),
    ("中e\u{301}👩‍👧", [.control("t")], "中👩‍👧e\u{301}|"),
    ("one two three", [.home, .alt("u"), .alt("c"), .alt("l")], "ONE Two three|"),
    ("straße", [.home, .alt("u")], "STRASSE|"),
    ("one", [.home, .delete, .control("d"), .control("d"), .control("d")], "|"),
    ("one", [.backspace, .control("f"), .control("e")], "on|"),
  ])
  func keys(text: String, keys: [Key], seen: String) {
    var typist = Typist(text)
    for key in keys { typist.press(key) }
    #expect(typist.seen == seen)
  }

  @Test func keysOfOthersAreLeftAlone() {
    var field = TextField("x")
    var kills = KillBuffer()
    for key: Key in [.control("g"), .enter, .tab, .up, .down, .control("p"), .control("n"), .alt("x"), .function(1)] {
      #expect(!field.handle(key, kills: &kills))
    }
    #expect(field.text == "x")
  }

  @Test("kills that follow each other are one, forwards and backwards") func yanking() {
    var typist = Typist("one two three four")
    typist.press(.home, .alt("f"), .alt("d"), .alt("d"), .altBackspace)
    #expect(typist.seen == "| four")
    typist.press(.end, .control("y"))
    #expect(typist.seen == " fourone two three|")
    // A key between them ends that.
    typist.press(.control("w"), .left, .control("u"), .control("y"))
    #expect(typist.seen == " fourone two| ")
    // A kill of nothing changes nothing, and does not come between.
    typist.press(.home, .control("u"), .control("y"))
    #expect(typist.seen == " fourone two| fourone two ")
    typist.press(.control("k"), .control("k"), .control("u"), .control("y"))
    #expect(typist.seen == " fourone two fourone two |")
    var empty = Typist("x")
    empty.press(.control("y"))
    #expect(empty.seen == "x|")
  }

  @Test("what is typed comes back in runs, all else step by step") func undoing() {
    var typist = Typist("old")
    typist.type(" 0123456789012345678")
    typist.type("xyz")
    typist.press(.control("_"))
    #expect(typist.seen == "old 0123456789012345678|")
    typist.press(.control("_"))
    #expect(typist.seen == "old|")
    typist.press(.control("_"))
    #expect(typist.seen == "old|", "nothing is left")
    typist.press(.backspace, .backspace, .control("_"))
    #expect(typist.seen == "ol|")
    typist.press(.control("_"), .home, .control("k"), .control("y"), .control("y"))
    #expect(typist.seen == "oldold|")
    typist.press(.control("_"), .control("_"))
    #expect(typist.seen == "|")
    typist.press(.control("_"))
    #expect(typist.seen == "|old")
    // Where one went on elsewhere, another run began.
    typist.type("a")
    typist.press(.end)
    typist.type("b")
    typist.press(.control("_"))
    #expect(typist.seen == "aold|")
    typist.field.insert("pasted in one go")
    typist.press(.alt("r"))
    #expect(typist.seen == "old|", "as it was")
    typist.press(.control("_"))
    #expect(typist.seen == "aoldpasted in one go|", "and back")
    typist.press(.control("_"))
    #expect(typist.seen == "aold|")
  }

  @Test("combining marks join the character before them") func marks() {
    var typist = Typist()
    typist.type("cafe\u{301}")
    #expect(typist.field.textBeforeCursor.count == 4)
    typist.press(.left)
    #expect(typist.seen == "caf|e\u{301}")
    typist.press(.right, .backspace)
    #expect(typist.seen == "caf|")
    // In the middle, and before a mark that stood alone.
    typist.press(.left)
    typist.type("\u{308}")
    #expect(typist.seen == "ca\u{308}|f")
    typist.press(.home)
    typist.field.insert("\u{301}")
    typist.press(.home)
    typist.type("e")
    #expect(typist.seen == "e\u{301}|ca\u{308}f")
    typist.press(.backspace)
    #expect(typist.seen == "|ca\u{308}f")
    // A family and a flag go at once.
    typist.field.insert("👩‍👩‍👧🇨🇭")
    typist.press(.backspace)
    #expect(typist.seen == "👩‍👩‍👧|ca\u{308}f")
    typist.press(.backspace)
    #expect(typist.seen == "|ca\u{308}f")
  }

  private static let pieces = [
    "a", "Z9", " ", "\\", "\\x00", "x41", "é", "e\u{301}", "\u{301}", "中文", "한", "\u{1100}", "\u{1161}", "👩",
    "\u{200d}",
    "👧", "🏽", "🇨", "🇭", "\u{fe0f}", "\u{200b}", "क", "\u{94d}", "ष", "ी", "\u{202e}", "1\u{20e3}",
  ]
  private static let keys: [Key] = [
    .left, .right, .home, .end, .backspace, .delete, .altBackspace, .control("k"), .control("u"), .control("w"),
    .control("y"), .control("t"), .alt("b"), .alt("f"), .alt("d"), .alt("u"), .alt("l"), .alt("c"), .control("_"),
    .alt("r"), .up, .down, .enter,
  ]

  /// Whatever is pressed: the cursor stands between two characters, where it is drawn; and undo leads back the way that
  /// was come, to the bytes of the beginning.
  @Test(arguments: [false, true]) func anything(isMultiline: Bool) {
    var generator = SystemRandomNumberGenerator()
    for _ in 0..<300 {
      let start = (0..<3).map { _ in Self.pieces.randomElement(using: &generator)! }.joined()
      var area = TextArea(Array(start.utf8), isMultiline: isMultiline)
      let shown = area.text
      var kills = KillBuffer()
      var seen: Set<[UInt8]> = [Array(shown.utf8)]
      for _ in 0..<40 {
        kills.nextKey()
        let choice = Int.random(in: 0..<10, using: &generator)
        if choice < 5 {
          for scalar in Self.pieces.randomElement(using: &generator)!.unicodeScalars {
            _ = area.handle(.character(Character(scalar)), kills: &kills)
            seen.insert(Array(area.text.utf8))
          }
        } else if choice == 5 {
          area.paste(Array(Self.pieces.randomElement(using: &generator)!.utf8) + [0x0a, 0x0d])
        } else {
          _ = area.handle(Self.keys.randomElement(using: &generator)!, kills: &kills)
        }
        seen.insert(Array(area.text.utf8))
        let before = area.field.textBeforeCursor
        #expect(String.Index(before.endIndex, within: area.text) != nil)
        let (line, head) = area.field.currentLine
        let tail = line[head.endIndex...]
        #expect(
          DisplayText(head).width + DisplayText(tail).width == DisplayText(line).width,
          "\(head.unicodeScalars.map { String($0.value, radix: 16) }) | \(tail.unicodeScalars.map { String($0.value, radix: 16) })"
        )
        if !isMultiline { #expect(!area.text.utf8.contains(0x0a)) }
      }
      for _ in 0..<500 {
        _ = area.handle(.control("_"), kills: &kills)
        #expect(seen.contains(Array(area.text.utf8)))
      }
      #expect(area.text.utf8.elementsEqual(shown.utf8))
    }
  }

  @Test("one history over all lines; a paste is one step") func undoOverLines() {
    var area = TextArea(Array("one\ntwo".utf8), isMultiline: true)
    var kills = KillBuffer()
    func press(_ keys: Key...) {
      for key in keys {
        kills.nextKey()
        _ = area.handle(key, kills: &kills)
      }
    }
    func undo(to text: String) {
      press(.control("_"))
      #expect(area.text == text)
    }
    press(.enter, .character("a"), .character("b"), .up, .end, .character("!"))
    area.paste(Array("x\r\ny\nz".utf8))
    press(.home, .backspace)
    #expect(area.text == "one\ntwo!x\nyz\nab")
    undo(to: "one\ntwo!x\ny\nz\nab")
    undo(to: "one\ntwo!\nab")
    undo(to: "one\ntwo\nab")
    undo(to: "one\ntwo\n")
    undo(to: "one\ntwo")
    undo(to: "one\ntwo")
    // Words reach over lines, the line's own keys do not.
    press(.control("a"), .control("u"), .control("k"), .control("k"), .alt("b"))
    #expect(area.field.textBeforeCursor == "")
    press(.alt("d"), .alt("d"))
    #expect(area.text == "")
    // What was killed over lines is typed in one.
    var line = TextField(#"\"#)
    kills.nextKey()
    _ = line.handle(.control("y"), kills: &kills)
    #expect(line.text == #"\one\x0a"#)
    press(.control("y"), .enter, .character("\\"), .enter, .character("b"))
    press(.control("w"), .control("w"), .control("w"))
    kills.nextKey()
    var bytes = TextArea()
    _ = bytes.handle(.control("y"), kills: &kills)
    #expect(bytes.bytes == Array("one\n\n\\\nb".utf8))
  }

  @Test func linesKeepTheColumnOfTheScreen() {
    var area = TextArea(Array("中文字\nabcdef\nxy".utf8), isMultiline: true)
    var kills = KillBuffer()
    func press(_ keys: Key...) { for key in keys { _ = area.handle(key, kills: &kills) } }
    press(.up, .up, .end)
    #expect(area.field.textBeforeCursor == "中文字")
    press(.left, .down)
    #expect(area.field.currentLine.before == "abcd")
    press(.right, .up)
    #expect(area.field.currentLine.before == "中文")
    press(.pageDown)
    #expect(area.field.currentLine.before == "xy")
    press(.pageUp, .control("n"), .control("p"))
    #expect(area.field.row == 0)
  }
}

@Suite("Fields on the screen") struct FieldDrawingTests {
  /// What stands in the cell under the cursor.
  private func underCursor(_ harness: Harness) -> String? {
    let frame = harness.frame()
    guard let cursor = frame.cursor, cursor.visible else { return nil }
    let cell = frame[cursor.x, cursor.y]
    return cell.isContinuation ? nil : cell.glyph.string
  }

  private static let text = "中文abc👩‍👧한국어\\xff0123456789日本語🇨🇭e\u{301}中中中中中xyz中中中中中中中中中"

  /// Along the whole text, back and forth: the cursor is on the screen, on the character that it stands on.
  private func walk(_ harness: inout Harness, _ text: String) {
    let characters = Array(text)
    for (key, places) in [
      (Key.left, Array(characters.indices.reversed())), (.right, Array(characters.indices.dropFirst())),
    ] {
      for place in places {
        harness.press(key)
        let first = DisplayText(String(characters[place])).elements[0].glyph.string
        #expect(underCursor(harness) == first, "\(harness.state.size.width) cells, at \(place)")
      }
    }
    harness.press(.end)
    #expect(underCursor(harness) == " ")
  }

  @Test(arguments: [40, 41, 42, 57, 80, 120]) func thePrompt(width: Int) {
    for key: Character in ["/", "O"] {
      var harness = Harness(["apple"], size: Size(width: width, height: 24))
      harness.press(.character(key))
      harness.type(Self.text)
      walk(&harness, Self.text)
    }
  }

  @Test(arguments: [40, 41, 42, 57, 80, 120]) func aFormInOneLineAndInSeveral(width: Int) {
    var harness = Harness(["k"], size: Size(width: width, height: 24))
    harness.press(.character("a"), .character("s"), .tab)
    harness.type(Self.text)
    walk(&harness, Self.text)
    harness.press(.home, .control("j"), .end)
    walk(&harness, Self.text)
  }
}
