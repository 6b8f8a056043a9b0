import Testing

@testable import Canvas

@Suite struct BidiFenceTests {
  /// The row with a `_` where the fence stands.
  private func fenced(_ text: String) -> String {
    var frame = Frame(size: Size(width: TextWidth.cells(text), height: 1))
    frame.put(text, x: 0, y: 0)
    let columns = BidiFence.columns(of: frame.row(0))
    return frame.row(0).enumerated().reduce(into: "") { line, cell in
      if !cell.element.isContinuation { line += columns.contains(cell.offset) ? "_" : cell.element.glyph.string }
    }
  }

  @Test(arguments: [
    // A number, another pane, a count in the frame would be moved.
    ("x אבג   41,208", "x אבג_  41,208"),
    ("│ a אבג   ││ דהו │", "│ a אבג_  ││ דהו │"),
    ("╭ Keys  אבג ─── 12 of 13 ╮", "╭ Keys  אבג_─── 12 of 13 ╮"),
    ("a שלום   مرحبا   7", "a שלום_  مرحبا_  7"),
    // The row itself must not turn round.
    ("│ אבג   STR  12 │", "│_אבג   STR  12 │"),
    ("│▌ אבג:12   41 │", "│▌_אבג:12_  41 │"),
    // A letter between is fence enough, and so is nothing to be moved.
    ("a אבג   STR  12", "a אבג   STR  12"), ("a אבג   ", "a אבג   "), ("a אבג דהו", "a אבג דהו"),
    ("plain   12", "plain   12"), ("a 12   אבג", "a 12   אבג"), ("", ""), ("אבג", "אבג"),
  ])
  func standsWhereNumbersWouldMove(_ row: String, _ expected: String) {
    #expect(fenced(row) == expected)
  }
}
