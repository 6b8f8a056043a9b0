import Canvas
import Testing

@testable import App

@Suite struct FrameLogTests {
  @Test func cellsStandAsTheyAreDrawn() {
    var frame = Frame(size: Size(width: 6, height: 2))
    frame.put(Escape.display(Array("a漢e\u{301}".utf8)), x: 0, y: 0)
    frame.put(Escape.display(Array("👨\u{200D}👩!".utf8)), x: 1, y: 1)
    frame.cursor = .init(x: 3, y: 1, visible: false)
    let text = FrameLog.text(of: frame, number: 12, after: .init(inputs: 7, updates: 5, isIdle: true))
    let rows = ["a|漢||e\u{301}| | ", " |👨||!| | "].map { $0.replacing("|", with: "\u{1F}") }
    #expect(text == "=== 12 7 5 6x2 3,1 idle\n\(rows[0])\n\(rows[1])\n")
    frame.cursor = nil
    #expect(FrameLog.text(of: frame, number: 1, after: .init()).hasPrefix("=== 1 0 0 6x2 - busy\n"))
  }
}
