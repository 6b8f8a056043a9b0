import Testing

@testable import App

@Suite("Arguments as redis-cli splits them")
struct RedisArgumentsTests {
  @Test(arguments: [
    ("SET a b", ["SET", "a", "b"]),
    ("  SET\ta   b  ", ["SET", "a", "b"]),
    ("SET \"a b\" 'c d'", ["SET", "a b", "c d"]),
    (#"SET "a\x41\n\r\t\"\\" x"#, ["SET", "aA\n\r\t\"\\", "x"]),
    (#"SET 'a\'b\n' x"#, ["SET", #"a'b\n"#, "x"]),
    (#"SET a\nb"#, ["SET", #"a\nb"#]),
    (#"SET "" ''"#, ["SET", "", ""]),
    (#"SET ab"c d""#, ["SET", "abc d"]),
    (#"SET "\xzz\q""#, ["SET", "xzzq"]),
    ("", []),
  ])
  func splits(line: String, arguments: [String]) throws {
    #expect(try RedisArguments.split(line.utf8) == arguments.map { Array($0.utf8) })
  }

  @Test("bytes that are no UTF-8 come out as they are")
  func bytes() throws {
    #expect(try RedisArguments.split(#""\xff\x00\x41""#.utf8) == [[0xff, 0x00, 0x41]])
  }

  @Test(arguments: [
    ("SET \"a", RedisArguments.Mistake.openQuote), ("SET 'a", .openQuote), ("SET \"a\"b", .textAfterQuote),
    ("SET 'a'b", .textAfterQuote), (#"SET "a\""#, .openQuote),
  ])
  func refuses(line: String, mistake: RedisArguments.Mistake) {
    #expect(throws: mistake) { try RedisArguments.split(line.utf8) }
  }
}
