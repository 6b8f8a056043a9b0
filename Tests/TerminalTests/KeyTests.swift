import Canvas
import Testing

@Suite struct KeyTests {
  static let all: [Key] =
    [
      .up, .down, .left, .right, .shiftUp, .shiftDown, .shiftLeft, .shiftRight, .home, .end, .pageUp, .pageDown,
      .enter, .escape, .tab, .backTab, .backspace, .altBackspace, .delete, .insert, .character(" "),
      .character("é"), .character("中"), .control(" "), .control("c"), .control("\\"), .alt("x"), .alt(" "), .alt("X"),
    ] + (1...24).map { .function($0) } + (0x21..<0x7F).map { .character(Character(Unicode.Scalar($0))) }

  @Test(arguments: all)
  func readsItsOwnName(_ key: Key) {
    #expect(Key(tmuxName: key.tmuxName) == key)
  }

  @Test func hasANameForEachKey() {
    #expect(Set(KeyTests.all.map(\.tmuxName)).count == KeyTests.all.count)
    #expect(Set(KeyTests.all.map(\.plainTitle)).count == KeyTests.all.count)
  }

  @Test(arguments: [
    ("PageUp", Key.pageUp), ("pgdn", .pageDown), ("Delete", .delete), ("C-M", .enter), ("C-i", .tab), ("C-[", .escape),
    ("C-h", .backspace), ("^c", .control("c")), ("C-C", .control("c")), ("space", .character(" ")),
    ("C-@", .control(" ")), ("C-/", .control("_")), ("m-bspace", .altBackspace), ("M-Space", .alt(" ")),
    ("S-Tab", .backTab), ("J", .character("J")),
  ])
  func readsOtherSpellings(name: String, key: Key) {
    #expect(Key(tmuxName: name) == key)
  }

  @Test(arguments: ["", "jk", "C-", "M-", "C-é", "C-ab", "M-ab", "M- x", "F0", "F25", "F05", "\u{1B}", "Down "])
  func refusesWhatIsNoKey(name: String) {
    #expect(Key(tmuxName: name) == nil)
  }

  @Test func printsForPeople() {
    let keys: [Key] = [.enter, .control("c"), .tab, .down, .pageUp, .escape]
    #expect(keys.map(\.title) == ["⏎", "^C", "Tab", "↓", "PgUp", "Esc"])
    #expect([Key.enter, .down, .shiftUp].map(\.plainTitle) == ["Enter", "Down", "S-Up"])
  }
}
