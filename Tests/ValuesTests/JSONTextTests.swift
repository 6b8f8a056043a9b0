import Testing
import Values

@Suite struct JSONTextTests {
  private func pretty(_ text: String) -> String? {
    guard let json = JSONText.parse(Array(text.utf8)) else { return nil }
    return json.prettyLines().map { line in String(decoding: line.flatMap(\.bytes), as: UTF8.self) }
      .joined(separator: "\n")
  }

  @Test func laysOutWithoutTouchingTheTokens() {
    let text = #" {"b":1.50,"a":[1e400,-0,{}],"b":"\u00e9\/é","empty":[ ],"n":12345678901234567890123} "#
    #expect(
      pretty(text) == #"""
        {
          "b": 1.50,
          "a": [
            1e400,
            -0,
            {}
          ],
          "b": "\u00e9\/é",
          "empty": [],
          "n": 12345678901234567890123
        }
        """#)
  }

  @Test func tellsTheKindsOfPieces() throws {
    let json = try #require(JSONText.parse(Array(#"{"a":[true,"x",2]}"#.utf8)))
    let kinds = json.prettyLines(indent: 1).map { $0.map(\.kind) }
    #expect(
      kinds == [
        [.punctuation], [.indent, .key, .punctuation, .punctuation], [.indent, .literal, .punctuation],
        [.indent, .string, .punctuation], [.indent, .number], [.indent, .punctuation], [.punctuation],
      ])
    #expect(json.isContainer)
    #expect(JSONText.parse(Array("12".utf8))?.isContainer == false)
  }

  @Test(arguments: [
    "", " ", "{", "[1,]", "[1 2]", "{\"a\"}", "{\"a\":}", "{\"a\":1,}", "{1:2}", "[1]]", "[}", "{]", "01", "1.", ".5",
    "+1", "1e", "-", "tru", "nulll", "\"a", "\"\\x\"", "\"\\u12g4\"", "\"a\nb\"", "[1] x", "NaN", "'a'", ",", ":",
    "{,}", "[,]", "{\"a\":1 \"b\":2}",
  ])
  func refusesWhatIsNotJSON(_ text: String) {
    #expect(JSONText.parse(Array(text.utf8)) == nil)
  }

  @Test func refusesInvalidUTF8() {
    #expect(JSONText.parse(Array("[\"".utf8) + [0xff] + Array("\"]".utf8)) == nil)
  }

  @Test func boundsTheDepth() {
    func nested(_ depth: Int) -> [UInt8] {
      [UInt8](repeating: UInt8(ascii: "["), count: depth) + [UInt8](repeating: UInt8(ascii: "]"), count: depth)
    }
    #expect(JSONText.parse(nested(JSONText.maximumDepth)) != nil)
    #expect(JSONText.parse(nested(JSONText.maximumDepth + 1)) == nil)
    #expect(JSONText.parse(nested(1_000_000)) == nil)
  }

  /// Every byte that is not white space between tokens comes back, in order.
  @Test func losesNothing() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<500 {
      var text: [UInt8] = []
      write(depth: 4, into: &text, using: &random)
      guard let json = JSONText.parse(text) else {
        Issue.record("not parsed: \(String(decoding: text, as: UTF8.self))")
        return
      }
      let shown = json.prettyLines().flatMap { $0 }.filter { $0.kind != .indent }
        .flatMap { $0.kind == .punctuation ? $0.bytes.filter { $0 != 0x20 } : $0.bytes }
      #expect(shown == text)
    }
  }

  private func write(depth: Int, into text: inout [UInt8], using random: inout SystemRandomNumberGenerator) {
    let scalars = ["1", "-0.0", "1E+5", "true", "null", #""a b""#, #""\"\\{[,:""#, "\"日本\""]
    let choice = depth == 0 ? 0 : Int.random(in: 0..<3, using: &random)
    guard choice > 0 else {
      text += Array(scalars[Int.random(in: scalars.indices, using: &random)].utf8)
      return
    }
    text += choice == 1 ? [0x5b] : [0x7b]
    for index in 0..<Int.random(in: 0..<4, using: &random) {
      if index > 0 { text += [0x2c] }
      if choice == 2 { text += Array(#""k":"#.utf8) }
      write(depth: depth - 1, into: &text, using: &random)
    }
    text += choice == 1 ? [0x5d] : [0x7d]
  }
}
