import Testing

@testable import Canvas

@Suite struct FrameTests {
  @Test func boxWithTitles() {
    var frame = Frame(size: Size(width: 30, height: 4))
    frame.box(
      frame.bounds, role: .borderFocus, title: DisplayText("Keys", role: .titleFocus),
      right: DisplayText("scanning 61%", role: .textDim), bottomRight: "2 marked")
    frame.put("▌ config", x: 1, y: 1)
    frame.select(Rect(x: 1, y: 1, width: 28, height: 1))
    #expect(
      frame.textRows() == [
        "╭─ Keys ────── scanning 61% ─╮",
        "│▌ config                    │",
        "│                            │",
        "╰───────────────── 2 marked ─╯",
      ])
    #expect(
      frame.roleRows() == [
        "BB.TTTT.BBBBBB.dddddddddddd.BB",
        "B############################B",
        "B............................B",
        "BBBBBBBBBBBBBBBBBB..........BB",
      ])
    #expect(frame.isWellFormed)
  }

  @Test func titlesGiveWay() {
    var frame = Frame(size: Size(width: 16, height: 2))
    frame.box(frame.bounds, role: .border, glyphs: .ascii, title: "session:eu:*", right: "61%")
    #expect(frame.textRows() == ["+- session:e~ -+", "+--------------+"])
    for width in 0..<12 {
      var small = Frame(size: Size(width: width, height: 2))
      small.box(small.bounds, role: .border, title: "한국어", right: "61%", bottomRight: "z")
      #expect(small.isWellFormed)
      #expect(small.textRows().allSatisfy { TextWidth.cells($0) == width })
    }
  }

  @Test func wideGlyphsAreNeverCut() {
    var frame = Frame(size: Size(width: 6, height: 2))
    #expect(frame.put("日本語", x: 1, y: 0) == 6)
    #expect(frame.textRows()[0] == " 日本 ")
    // Over the right half, then over the left half of a wide glyph.
    frame.put("x", x: 2, y: 0)
    #expect(frame.textRows()[0] == "  x本 ")
    frame.put("y", x: 3, y: 0)
    #expect(frame.textRows()[0] == "  xy  ")
    frame.put("日本", x: 0, y: 1)
    frame.put("語", x: 1, y: 1)
    #expect(frame.textRows()[1] == " 語   ")
    #expect(frame.put("日", x: -1, y: 1) == 2)
    #expect(frame.isWellFormed)
  }

  @Test func widthLimitKeepsColumns() {
    var frame = Frame(size: Size(width: 8, height: 1))
    frame.put("abcdefgh", x: 0, y: 0)
    #expect(frame.put("日本", x: 0, y: 0, maxWidth: 3) == 3)
    #expect(frame.textRows() == ["日 defgh"])
    #expect(frame.put("zz", x: 0, y: 0, maxWidth: 0) == 0)
    frame.put("12", endX: 8, y: 0)
    #expect(frame.textRows() == ["日 def12"])
  }

  @Test func nothingIsDrawnOutside() {
    var frame = Frame(size: Size(width: 3, height: 2))
    let blank = frame
    for (x, y) in [(-5, 0), (3, 0), (0, -1), (0, 2), (100, 100)] { frame.put("abc", x: x, y: y) }
    frame.select(Rect(x: 5, y: 5, width: 3, height: 3))
    frame.fill(Rect(x: -9, y: -9, width: 3, height: 3), role: .danger)
    #expect(frame == blank)
    frame.put("abcde", x: -1, y: 0)
    #expect(frame.textRows()[0] == "bcd")
  }

  @Test func selectionLiesOverLaterText() {
    var frame = Frame(size: Size(width: 4, height: 1))
    frame.select(frame.bounds)
    frame.put("日x", role: .warn, x: 0, y: 0)
    #expect((0..<4).allSatisfy { frame[$0, 0].isSelected })
    #expect(frame.roleRows() == ["www#"])
    frame.fill(frame.bounds)
    #expect(!frame[0, 0].isSelected)
  }

  @Test func emojiKeepsItsCells() {
    var frame = Frame(size: Size(width: 6, height: 1))
    frame.put(Escape.display(Array("👨‍👩‍👧‍👦|❤\u{FE0F}|".utf8), context: .value), x: 0, y: 0)
    #expect(frame[0, 0].glyph.drawn == ["👨"])
    #expect(frame[1, 0].isContinuation)
    #expect(frame[2, 0].glyph == Glyph("|"))
    #expect(frame[3, 0].glyph.drawn == ["❤"])
    #expect(frame[4, 0].glyph == Glyph("|"))
    #expect(frame.trimmedRows() == ["👨‍👩‍👧‍👦|❤\u{FE0F}|"])
  }

  @Test func randomDrawingStaysWellFormed() {
    var random = SplitMix(seed: 0xF4A3)
    for _ in 0..<2_000 {
      let size = Size(width: Int(random.next() % 14), height: Int(random.next() % 4))
      var frame = Frame(size: size)
      for _ in 0..<12 {
        let text = Escape.display(EscapeTests.randomBytes(&random), context: .value)
        frame.put(
          text, x: Int(random.next() % 20) - 4, y: Int(random.next() % 6) - 1, maxWidth: Int(random.next() % 9))
        if random.next() % 3 == 0 {
          frame.fill(Rect(x: Int(random.next() % 9), y: 0, width: Int(random.next() % 4), height: 2), role: .field)
        }
      }
      #expect(frame.isWellFormed)
      #expect(frame.roleRows().allSatisfy { $0.count == size.width })
    }
  }

  @Test func cursorBelongsInside() {
    var frame = Frame(size: Size(width: 2, height: 2))
    frame.cursor = Frame.Cursor(x: 1, y: 1, visible: false)
    #expect(frame.isWellFormed)
    frame.cursor = Frame.Cursor(x: 2, y: 1, visible: true)
    #expect(!frame.isWellFormed)
  }
}
