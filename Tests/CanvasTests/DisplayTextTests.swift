import Testing

@testable import Canvas

@Suite struct DisplayTextTests {
  @Test func cutsAtCells() {
    let text = DisplayText("日本語abc")
    #expect(text.width == 9)
    #expect(text.prefix(cells: 5).string == "日本")
    #expect(text.truncated(to: 9).string == "日本語abc")
    #expect(text.truncated(to: 6).string == "日本…")
    #expect(text.truncated(to: 1).string == "…")
    #expect(text.truncated(to: 0).string == "")
    #expect(text.truncated(to: 4, ellipsis: GlyphSet.ascii.ellipsis).string == "日~")
    #expect(text.dropFirst(cells: 2).string == "本語abc")
    #expect(text.dropFirst(cells: 3).string == " 語abc")
    #expect(text.dropFirst(cells: 9).string == "")
    #expect(text.dropFirst(cells: -1) == text)
  }

  @Test func keepsHeadAndTail() {
    let name = DisplayText("8f2c1e9b77d04f1cb2a90")
    #expect(name.middleTruncated(to: 21).string == "8f2c1e9b77d04f1cb2a90")
    #expect(name.middleTruncated(to: 13).string == "8f2c1e9b…2a90")
    #expect(name.middleTruncated(to: 3).string == "8…0")
    #expect(name.middleTruncated(to: 2).string == "8…")
    for width in 0..<21 { #expect(name.middleTruncated(to: width).width == width) }
    #expect(DisplayText("日本語日本語").middleTruncated(to: 8).width <= 8)
  }

  @Test func wraps() {
    #expect(DisplayText("abcdefg").wrapped(to: 3).map(\.string) == ["abc", "def", "g"])
    #expect(DisplayText("a日本").wrapped(to: 2).map(\.string) == ["a", "日", "本"])
    #expect(DisplayText("日").wrapped(to: 1).map(\.string) == [" "])
    #expect(DisplayText("").wrapped(to: 3).map(\.string) == [""])
    #expect(DisplayText("ab").wrapped(to: 0).map(\.string) == ["ab"])
  }

  @Test func literalsAreHarmlessToo() {
    let text: DisplayText = "a\u{1B}[2J"
    #expect(text.string == #"a\x1b[2J"#)
    // Escaped once already: not a second time.
    let once = Escape.string([0x00, UInt8(ascii: "\\"), UInt8(ascii: "\\")])
    #expect(DisplayText(once).string == once)
    #expect(DisplayText("é\\x").string == "é\\x")
    // A mark stays on the backslash that it stands on.
    #expect(DisplayText("\\\u{301}\\\\\u{302}").string == "\\\u{301}\\\\\u{302}")
  }

  @Test func joins() {
    var text = DisplayText("ttl ", role: .textDim)
    text += DisplayText("4.2s", role: .ttlUrgent) + " !"
    #expect(text.string == "ttl 4.2s !")
    #expect(text.width == 10)
    #expect(text.elements.map(\.role).last == .text)
  }
}
