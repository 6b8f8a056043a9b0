import Testing

@testable import Keyspace

struct ServerPatternTests {
  private static func pattern(_ text: String) -> String {
    String(decoding: NameFilter.serverPattern(of: Array(text.utf8)).bytes, as: UTF8.self)
  }

  @Test(arguments: [
    ("user:*", "user:*"), ("a?[b-c]", "a?[b-c]"), ("us", "*[uU][sS]*"), ("Us", "*Us*"), ("12:", "*12:*"),
    (#"a\*"#, #"*[aA]\**"#), (#"A-^]"#, #"*A\-\^\]*"#), ("~ur", "*[uU]*[rR]*"), ("~Ur", "*U*r*"), ("~", "*"),
    (#"\~x"#, "*~[xX]*"), (#"é\\"#, #"*é\\*"#),
  ])
  func isWhatTheServerUnderstands(_ text: String, _ pattern: String) { #expect(Self.pattern(text) == pattern) }

  @Test func moreThanEightStarsAreRefused() {
    #expect(NameFilter.serverPattern(of: Array("~abcdefg".utf8)).stars == 8)
    #expect(!NameFilter.serverPattern(of: Array("~abcdefg".utf8)).isRefused)
    #expect(NameFilter.serverPattern(of: Array("~abcdefgh".utf8)).isRefused)
    #expect(NameFilter.serverPattern(of: Array("a*b*c*d*e*f*g*h*i*".utf8)).isRefused)
    // Side by side they are one for the server too; as text, and in a class, they are none.
    #expect(NameFilter.serverPattern(of: Array("a*********b".utf8)).stars == 1)
    #expect(NameFilter.serverPattern(of: Array(#"\*\*\*\*\*\*\*\*\*\*"#.utf8)).stars == 2)
    #expect(NameFilter.serverPattern(of: Array("[*][*][*][*][*][*][*][*][*]".utf8)).stars == 0)
  }

  @Test func theServerPicksWhatTheFilterPicks() {
    var random = Seeded(2_026)
    var picked = 0
    for round in 0..<60_000 {
      let text = Self.text(&random)
      let filter = NameFilter(text: text)
      let glob = Glob(NameFilter.serverPattern(of: text).bytes)
      let name = Self.name(&random, of: text)
      let isMatch = filter.matches(name)
      if isMatch { picked += 1 }
      let byServer = name.withUnsafeBufferPointer { glob.matches($0) }
      #expect(byServer == isMatch, "round \(round): \(text) and \(name)")
      if byServer != isMatch { return }
    }
    #expect(picked > 3_000)
  }

  static let bytes: [UInt8] = Array("aAbBzZ09:-_*?[]^\\~ \u{e9}".utf8) + [0, 0x0A, 0x7F, 0x80, 0xFF]

  static func text(_ random: inout Seeded) -> [UInt8] {
    let length = Int.random(in: 1...5, using: &random)
    let bytes = Bool.random(using: &random) ? Array("aAb:-".utf8) : Self.bytes
    let text = (0..<length).map { _ in bytes[Int.random(in: 0..<bytes.count, using: &random)] }
    return (Int.random(in: 0..<4, using: &random) == 0 ? [UInt8(ascii: "~")] : []) + text
  }

  /// Often one that holds the text, in either case.
  static func name(_ random: inout Seeded, of text: [UInt8]) -> [UInt8] {
    var name = (0..<Int.random(in: 0...6, using: &random)).map { _ in
      bytes[Int.random(in: 0..<bytes.count, using: &random)]
    }
    if Bool.random(using: &random) {
      let part = text.filter { $0 != UInt8(ascii: "\\") && $0 != UInt8(ascii: "~") }
      name.insert(
        contentsOf: part.map { byte in
          Bool.random(using: &random) && UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte ? byte & ~0x20 : byte
        }, at: Int.random(in: 0...name.count, using: &random))
    }
    return name
  }
}
