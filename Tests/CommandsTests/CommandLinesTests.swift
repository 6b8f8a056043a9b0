import Testing

@testable import Commands

@Suite("Commands, one a line")
struct CommandLinesTests {
  @Test(arguments: [
    ("GET a\nGET b", ["GET a", "GET b"]),
    ("GET a\r\n\r\n  \nGET b\r\n", ["GET a\r", "GET b\r"]),
    ("# no \"quote\nGET a # b\n  # no", ["GET a # b"]),
    ("SET a \"1\n2\" \nGET a", ["SET a \"1\n2\" ", "GET a"]),
    ("SET a '1\n#\\'2'\nGET a", ["SET a '1\n#\\'2'", "GET a"]),
    ("SET a '\\\\'\n'\nGET a", ["SET a '\\\\'\n'", "GET a"]),
    ("SET a \"\\\"\n\"\nGET a", ["SET a \"\\\"\n\"", "GET a"]),
    ("SET \"a\"b \"c\nGET a", ["SET \"a\"b \"c", "GET a"]),
    ("GET a\nSET \"b\nGET c", ["GET a", "SET \"b\nGET c"]),
    ("\n\n", []), ("", []), ("#", []),
  ])
  func splits(text: String, commands: [String]) {
    #expect(CommandLines.split(text).map(String.init) == commands)
  }

  @Test("commands joined by line feeds come apart as they were, and each is read as before")
  func joins() {
    let lines = RandomLines.make(seed: 0xC0DE, count: 4_000).enumerated().filter {
      $0.offset.isMultiple(of: 2)
    }
    .map(\.element).filter { line in
      let first = line.utf8.first { !LineSign.isBlank($0) }
      return first != nil && first != LineSign.comment
    }
    let found = CommandLines.split(lines.joined(separator: "\n"))
    #expect(found.map(String.init) == lines)
    #expect(found.allSatisfy { SplitLine($0).mistake == nil })
  }

  @Test("an open quote is known while the text still comes")
  func comesByteByByte() {
    var ends = CommandEnds()
    for byte in "SET a \"b".utf8 { #expect(ends.take(byte) == nil) }
    #expect(ends.isInsideQuotes)
    #expect(ends.hasCommand)
    #expect(ends.take(LineSign.lineFeed) == nil)
    #expect(ends.take(LineSign.doubleQuote) == nil)
    #expect(ends.take(LineSign.lineFeed) == .command)
    #expect(!ends.hasCommand)
    #expect(ends.take(LineSign.lineFeed) == .nothing)
  }
}
