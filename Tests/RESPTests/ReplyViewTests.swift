import RESP
import Testing

@Suite struct ReplyViewTests {
  func reply(_ wire: String) throws -> ReplyView {
    try #require(try Replies(parsing: Array(wire.utf8)).first)
  }

  @Test(arguments: [
    (":7\r\n", 7 as Int64?), ("$2\r\n-7\r\n", -7), ("+12\r\n", 12), ("$3\r\n7 8\r\n", nil), ("$0\r\n\r\n", nil),
    ("$19\r\n9223372036854775807\r\n", .max), ("$20\r\n-9223372036854775808\r\n", .min),
    ("$19\r\n9223372036854775808\r\n", nil), ("-7\r\n", nil), ("_\r\n", nil), ("*1\r\n:7\r\n", nil),
  ])
  func integers(wire: String, value: Int64?) throws {
    #expect(try reply(wire).integer == value)
  }

  @Test(arguments: [
    (",1.25\r\n", 1.25 as Double?), (",inf\r\n", .infinity), ("$4\r\n-inf\r\n", -.infinity), ("$3\r\n1e3\r\n", 1000),
    (":5\r\n", 5), ("$4\r\n0x10\r\n", nil), ("$3\r\nabc\r\n", nil), ("#t\r\n", nil),
  ])
  func doubles(wire: String, value: Double?) throws {
    #expect(try reply(wire).double == value)
  }

  @Test func errorsHaveACode() throws {
    let error = try reply("-WRONGTYPE Operation against a key\r\n")
    #expect(error.isError)
    #expect(error.errorCode == "WRONGTYPE")
    #expect(error.string == "WRONGTYPE Operation against a key")
    #expect(try reply("+OK\r\n").errorCode == nil)
  }

  @Test(arguments: ["%2\r\n$1\r\na\r\n:1\r\n$1\r\nb\r\n*1\r\n:2\r\n", "*4\r\n$1\r\na\r\n:1\r\n$1\r\nb\r\n*1\r\n:2\r\n"])
  func mapsAndFlatArraysReadAlike(wire: String) throws {
    let map = try reply(wire)
    #expect(map.count == 4)
    #expect(map.pairs.map(\.key.string) == ["a", "b"])
    #expect(map.value(for: "b")?[0].integer == 2)
    #expect(map.value(for: "c") == nil)
    #expect(map[3].kind == .array)
  }

  @Test func childrenAreFoundBehindNestedOnes() throws {
    let page = try reply("*3\r\n*2\r\n:1\r\n*1\r\n:2\r\n$1\r\nx\r\n%1\r\n:3\r\n:4\r\n")
    #expect(page[0][1][0].integer == 2)
    #expect(page[1].string == "x")
    #expect(page[2].value(for: "3")?.integer == 4)
    #expect(page.children.map(\.count) == [2, 0, 2])
  }

  @Test func childBytesMatchChildren() throws {
    let page = try reply("*4\r\n$1\r\na\r\n_\r\n*1\r\n:9\r\n$3\r\n\u{0}\r\n\r\n")
    var seen: [[UInt8]] = []
    page.withEachChildBytes { span in seen.append(span.indices.map { span[$0] }) }
    #expect(seen == page.children.map { Array($0.bytes) })
    #expect(seen == [[97], [], [], [0, 13, 10]])
    #expect(page[3].withBytes { $0.count } == 3)
  }

  @Test func aPageOfNamesIsFlat() throws {
    let names = (0..<1000).map { "key:\($0)" }
    let wire = "*2\r\n$1\r\n0\r\n*1000\r\n" + names.map { "$\($0.utf8.count)\r\n\($0)\r\n" }.joined()
    let replies = try Replies(parsing: Array(wire.utf8))
    #expect(replies[0][1].children.map(\.string) == names)
    #expect(replies[0][1][999].string == "key:999")
    #expect(replies.residentBytes < 40_000)
  }
}
