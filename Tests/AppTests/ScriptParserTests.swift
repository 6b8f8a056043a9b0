import Canvas
import Testing

@testable import App

@Suite("Scripts")
struct ScriptParserTests {
  private func step(_ line: String) throws -> ScriptStep {
    try #require(try ScriptParser.parse(line).first).step
  }

  @Test("every kind of line")
  func steps() throws {
    #expect(try step("size 120x36") == .size(columns: 120, rows: 36))
    #expect(try step("key j Down  Enter C-c") == .keys([.character("j"), .down, .enter, .control("c")]))
    #expect(try step("type a b") == .keys([.character("a"), .character(" "), .character("b")]))
    #expect(try step("type  x ") == .keys([.character(" "), .character("x"), .character(" ")]))
    #expect(try step("paste a b") == .paste(Array("a b".utf8)))
    #expect(try step(#"paste "a\n\x00""#) == .paste([0x61, 0x0a, 0x00]))
    #expect(try step("wait-idle") == .waitIdle)
    #expect(try step("wait-for all .* keys") == .waitFor("all .* keys", timeout: 10_000))
    #expect(try step("wait-for 30s x y") == .waitFor("x y", timeout: 30_000))
    #expect(try step("wait-for 1.5s x") == .waitFor("x", timeout: 1500))
    #expect(try step(#"expect ^a \d+$"#) == .expect(#"^a \d+$"#))
    #expect(try step("expect-not x") == .expectNot("x"))
    #expect(try step("dump") == .dump)
    #expect(try step("dump-roles") == .dumpRoles)
    #expect(try step("redis SET a 'b c'") == .redis(["SET", "a", "b c"].map { Array($0.utf8) }, database: nil))
    #expect(try step("redis -n 3 GET a") == .redis(["GET", "a"].map { Array($0.utf8) }, database: 3))
    #expect(
      try step(#"expect-redis '^a b$' GET "x""#)
        == .expectRedis("^a b$", ["GET", "x"].map { Array($0.utf8) }, database: nil))
    #expect(
      try step("expect-redis 1 -n 2 EXISTS x")
        == .expectRedis("1", ["EXISTS", "x"].map { Array($0.utf8) }, database: 2))
    #expect(try step("advance 1.5s") == .advance(1500))
    #expect(try step("quit") == .quit)
  }

  @Test("comments, empty lines and the line ends of other systems; lines keep their numbers")
  func lines() throws {
    let lines = try ScriptParser.parse("# a\n\n  key j\r\n\t# b\r\nquit")
    #expect(lines.map(\.number) == [3, 5])
    #expect(lines.map(\.text) == ["key j", "quit"])
  }

  @Test(arguments: [
    ("size 0x5", "expected COLUMNSxROWS, such as 120x36, each from 1 to 1000"),
    ("size 80", "expected COLUMNSxROWS, such as 120x36, each from 1 to 1000"),
    ("key", "expected the names of keys, such as: key j Down Enter"),
    ("key Dwon", "no such key: Dwon"),
    ("type", "expected a text"),
    ("dump x", "nothing may follow this word"),
    ("expect", "expected a regular expression"),
    ("wait-for 3s", "expected a regular expression"),
    ("redis", "expected a command"),
    ("redis -n x GET a", "expected -n DATABASE and a command"),
    ("redis 'a", "a quote is not closed"),
    ("expect-redis x", "expected a command"),
    ("advance 3", "expected a time such as 1.5s"),
    ("advance s", "expected a time such as 1.5s"),
    ("jump", "no such step: jump"),
  ])
  func refuses(line: String, reason: String) throws {
    let mistake = try #require(throws: ScriptMistake.self) { try ScriptParser.parse("quit\n" + line) }
    #expect(mistake == ScriptMistake(line: 2, text: line, reason: reason))
  }

  @Test("a regular expression that is none is found before anything is played")
  func badPattern() throws {
    let mistake = try #require(throws: ScriptMistake.self) { try ScriptParser.parse("expect a(") }
    #expect(mistake.reason.hasPrefix("not a regular expression: "))
  }

  @Test("a mistake in a long line shows its beginning only")
  func longLine() throws {
    let nested = String(repeating: "(", count: 20_000)
    for line in ["expect " + nested, "key " + nested, nested] {
      let mistake = try #require(throws: ScriptMistake.self) { try ScriptParser.parse(line) }
      #expect(mistake.text == line.prefix(200) + "…")
      #expect(mistake.reason.count < 300)
    }
  }

  @Test("anchors are those of a line")
  func anchors() throws {
    let screen = "first\nsecond line\nthird"
    #expect(try ScreenPattern("^second line$").occurs(in: screen))
    #expect(try ScreenPattern(#"s\w+ l"#).occurs(in: screen))
    #expect(try !ScreenPattern("^line").occurs(in: screen))
    #expect(try ScreenPattern("first\nsecond").occurs(in: screen))
  }
}
