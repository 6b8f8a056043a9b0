import RESP
import Testing

@testable import App

@Suite("How exec writes replies") struct ReplyFormatTests {
  private func text(_ wire: String, _ format: ReplyFormat) throws -> String {
    var output = OutputBuffer(deliver: nil)
    for reply in try Replies(parsing: Array(wire.utf8), keepsAttributes: true) {
      try format.write(reply, isPage: false, into: &output)
    }
    return String(decoding: output.bytes, as: UTF8.self)
  }

  @Test("JSON is JSON, whatever a server sends as a number or a key")
  func json() throws {
    #expect(
      try text("*5\r\n:+5\r\n:-007\r\n,1e5\r\n,inf\r\n(-12345678901234567890\r\n", .json)
        == "[\"+5\",\"-007\",1e5,\"inf\",-12345678901234567890]\n")
    #expect(
      try text("%3\r\n:1\r\n#t\r\n*2\r\n+a\r\n:2\r\n_\r\n$1\r\nk\r\n%0\r\n", .json)
        == "{\"1\":true,\"[\\\"a\\\",2]\":null,\"k\":{}}\n")
    #expect(try text("|1\r\n+ttl\r\n:3\r\n*1\r\n|1\r\n+a\r\n:1\r\n-ERR no\r\n", .json) == "[{\"error\":\"ERR no\"}]\n")
  }

  @Test("a key with an attribute is the key")
  func attributedKey() throws {
    #expect(try text("%1\r\n|1\r\n+a\r\n:1\r\n+k\r\n:2\r\n", .json) == "{\"k\":2}\n")
    #expect(try text("%1\r\n|1\r\n+a\r\n:1\r\n+k\r\n:2\r\n", .raw) == "k 2\n")
  }

  @Test("a string for eyes is in quotes that can be typed, and no control gets through")
  func human() throws {
    #expect(try text("$8\r\na\"\\\n\t\u{1B}\u{7}\u{8}\r\n", .human) == #""a\"\\\n\t\x1b\a\b""# + "\n")
    #expect(try text("$4\r\né\u{301}\r\n", .human) == "\"é\u{301}\"\n")
    #expect(
      try text("+a\u{1B}[0m\r\n-E\u{7}\r\n=6\r\ntxt:\u{1B}\u{1}\r\n", .human)
        == "a\\x1b[0m\n(error) E\\x07\n\\x1b\\x01\n")
  }

  @Test("long replies pass through in pieces")
  func pieces() throws {
    let gathered = Gathered()
    var output = OutputBuffer { bytes throws(ErrorLine) in
      gathered.pieces.append(bytes)
      return true
    }
    let wire = "*20000\r\n" + String(repeating: "$10\r\n0123456789\r\n", count: 20_000)
    let reply = try #require(try Replies(parsing: Array(wire.utf8)).first)
    try ReplyFormat.raw.write(reply, isPage: false, into: &output)
    try output.flush()
    let pieces = gathered.pieces
    #expect(pieces.joined().count == 20_000 * 11)
    #expect(pieces.count == 4)
    #expect(pieces.allSatisfy { $0.count < 70_000 })
  }
}

private final class Gathered {
  var pieces: [[UInt8]] = []
}
