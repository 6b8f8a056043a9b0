import TestSupport
import Testing

@testable import Compose

@Suite("Lines of output") struct OutputLinesTests {
  private func lines(_ pieces: String...) -> [String] {
    var lines = OutputLines()
    var all = pieces.flatMap { lines.take(Array($0.utf8)) }
    if let rest = lines.takeRest() { all.append(rest) }
    return all.map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func `lines come without their ends`() {
    #expect(lines("a\nb\r\n\nc") == ["a", "b", "", "c"])
    #expect(lines("a\r", "\nb", "c\n") == ["a", "bc"])
    #expect(lines("10%\r20%\rdone\n") == ["10%\r20%\rdone"])
    #expect(lines("") == [])
    #expect(lines("\n\n") == ["", ""])
  }

  @Test func `a long line comes in pieces, cut between characters`() {
    let long = String(repeating: "é", count: 5000)
    let pieces = lines("x" + long + "\nnext\n")
    #expect(pieces.map(\.utf8.count) == [4095, 4096, 1810, 4])
    #expect(pieces.dropLast().joined() == "x" + long)
    // Nothing is lost of bytes that are no UTF-8, and no piece is empty.
    var wrong = OutputLines()
    let stray = [UInt8](repeating: 0x80, count: 10_000)
    let cut = wrong.take(stray) + [wrong.takeRest() ?? []]
    #expect(cut.flatMap { $0 } == stray && cut.allSatisfy { !$0.isEmpty && $0.count <= OutputLines.longest })
  }

  @Test func `the end of a line that was handed out before adds no empty one`() {
    var lines = OutputLines()
    #expect(lines.take(Array("sure? ".utf8)) == [])
    #expect(lines.takeRest() == Array("sure? ".utf8))
    #expect(lines.takeRest() == nil)
    #expect(lines.take(Array("\ny\n".utf8)) == [Array("y".utf8)])
    #expect(self.lines(String(repeating: "a", count: 4096) + "\nb\n").count == 2)
  }

  @Test func `however it is chopped, the lines are the same`() {
    var random = Seeded(state: 7)
    for _ in 0..<200 {
      let bytes = (0..<Int.random(in: 0...200, using: &random)).map { _ in
        [10, 13, 65, 0xc3, 0xa9].randomElement(using: &random)! as UInt8
      }
      var whole = OutputLines()
      var chopped = OutputLines()
      let expected = whole.take(bytes) + [whole.takeRest() ?? []]
      var got: [[UInt8]] = []
      var rest = bytes[...]
      while !rest.isEmpty {
        let piece = rest.prefix(Int.random(in: 1...9, using: &random))
        got += chopped.take(Array(piece))
        rest = rest.dropFirst(piece.count)
      }
      #expect(got + [chopped.takeRest() ?? []] == expected)
    }
  }
}
