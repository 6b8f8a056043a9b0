import RESP
import Testing

/// Wire text and what it means.
let vectors: [(wire: String, outlines: [String])] = [
  ("+OK\r\n", ["simple string(OK)"]),
  ("+\r\n", ["simple string()"]),
  ("-NOPERM no rights\r\n", ["error(NOPERM no rights)"]),
  (":-42\r\n", ["integer(-42)"]),
  ("$5\r\nhe\r\nl\r\n", ["bulk string(he\r\nl)"]),
  ("$0\r\n\r\n", ["bulk string()"]),
  ("$-1\r\n", ["null"]),
  ("*-1\r\n", ["null"]),
  ("_\r\n", ["null"]),
  ("*0\r\n", ["array[]"]),
  ("*3\r\n:1\r\n$1\r\na\r\n*1\r\n+x\r\n", ["array[integer(1) bulk string(a) array[simple string(x)]]"]),
  (",1.5e10\r\n,-inf\r\n,nan\r\n", ["double(1.5e10)", "double(-inf)", "double(nan)"]),
  ("#t\r\n#f\r\n", ["boolean(t)", "boolean(f)"]),
  ("(-3492890328409238509324850943850943825024385\r\n", ["big number(-3492890328409238509324850943850943825024385)"]),
  ("!9\r\nERR a\r\nb!\r\n", ["error(ERR a\r\nb!)"]),
  ("=8\r\ntxt:text\r\n", ["verbatim string(text)"]),
  ("=4\r\nmkd:\r\n", ["verbatim string()"]),
  ("~2\r\n+a\r\n+b\r\n", ["set[simple string(a) simple string(b)]"]),
  ("%1\r\n+k\r\n*1\r\n:1\r\n", ["map[simple string(k) array[integer(1)]]"]),
  (">2\r\n+invalidate\r\n_\r\n", ["push[simple string(invalidate) null]"]),
  ("|1\r\n+ttl\r\n:3\r\n$1\r\nv\r\n", ["bulk string(v)"]),
  ("*2\r\n|1\r\n+a\r\n*2\r\n:1\r\n:2\r\n:7\r\n|0\r\n:8\r\n", ["array[integer(7) integer(8)]"]),
  ("*1\r\n*1\r\n*0\r\n+next\r\n", ["array[array[array[]]]", "simple string(next)"]),
]

@Suite struct RESPDecoderTests {
  @Test(arguments: vectors) func everyCutGivesTheSame(wire: String, outlines: [String]) throws {
    let bytes = Array(wire.utf8)
    for cut in 0...bytes.count {
      #expect(try outline(decode(bytes, cutAt: [cut])) == outlines, "cut at \(cut)")
    }
    #expect(try outline(decode(bytes, cutAt: Array(0..<bytes.count))) == outlines)
  }

  @Test func repliesBeforeAPartialOneCanBeTaken() throws {
    var decoder = RESPDecoder()
    try decoder.feed(Array("+one\r\n*2\r\n|1\r\n+a\r\n:1\r\n$3\r\nab".utf8))
    #expect(decoder.isMidReply)
    #expect(outline(decoder.takeReplies()) == ["simple string(one)"])
    try decoder.feed(Array("c\r\n:2\r\n".utf8))
    #expect(!decoder.isMidReply)
    #expect(outline(decoder.takeReplies()) == ["array[bulk string(abc) integer(2)]"])
  }

  @Test func pushIsTakenOutFromBetweenReplies() throws {
    var decoder = RESPDecoder()
    try decoder.feed(Array("$1\r\na\r\n>1\r\n$4\r\npush\r\n".utf8))
    #expect(decoder.lastKind == .push)
    #expect(outline(decoder.takeLast()) == ["push[bulk string(push)]"])
    try decoder.feed(Array("$1\r\nb\r\n".utf8))
    #expect(outline(decoder.takeReplies()) == ["bulk string(a)", "bulk string(b)"])
  }

  @Test(arguments: [
    ("x\r\n", RESPError.unknownType(UInt8(ascii: "x"))), ("\r\n", .unknownType(13)), ("$-5\r\n", .badLength),
    ("*-2\r\n", .badLength), ("%-1\r\n", .badLength), ("$\r\n", .badLength), ("$1x\r\n", .badLength),
    ("$99999999999999999999\r\n", .badLength), ("$9223372036854775807\r\n", .bulkTooLong(limit: 512 << 20)),
    ("%9223372036854775807\r\n", .tooManyElements(limit: 2 << 20)),
    ("*4294967295\r\n", .tooManyElements(limit: 2 << 20)),
    ("|4611686018427387904\r\n", .tooManyElements(limit: 2 << 20)),
    ("$?\r\n", .streamed), ("*?\r\n", .streamed), (":\r\n", .badScalar(.integer)), (":1.5\r\n", .badScalar(.integer)),
    (":9223372036854775808\r\n", .badScalar(.integer)), ("#x\r\n", .badScalar(.boolean)), ("_x\r\n", .badScalar(.null)),
    (",\r\n", .badScalar(.double)), (",0x1\r\n", .badScalar(.double)), ("(12a\r\n", .badScalar(.bigNumber)),
    ("=3\r\ntxt\r\n", .badScalar(.verbatim)), ("=5\r\ntxtab\r\n", .badScalar(.verbatim)), ("+a\n", .badTerminator),
    ("$1\r\nab\r\n", .badTerminator), ("$1\r\na\rb", .badTerminator), ("*1\r\n>1\r\n+a\r\n", .nestedPush),
  ])
  func brokenInputIsATypedError(wire: String, error: RESPError) {
    let bytes = Array(wire.utf8)
    #expect(throws: error) { try decode(bytes, cutAt: []) }
    #expect(throws: error) { try decode(bytes, cutAt: Array(0..<bytes.count)) }
  }

  @Test func anErrorIsFinal() {
    var decoder = RESPDecoder()
    #expect(throws: RESPError.unknownType(33 + 30)) { try decoder.feed(Array("?\r\n".utf8)) }
    #expect(throws: RESPError.unknownType(33 + 30)) { try decoder.feed(Array("+OK\r\n".utf8)) }
  }

  @Test func depthIsBounded() throws {
    let nested = Array(repeating: Array("*1\r\n".utf8), count: 64).joined() + Array(":1\r\n".utf8)
    #expect(try decode(Array(nested), cutAt: []).count == 1)
    let million = Array(repeating: Array("*1\r\n".utf8), count: 1_000_000).joined()
    #expect(throws: RESPError.tooDeep(limit: 64)) { try decode(Array(million), cutAt: []) }
  }

  @Test func endlessLineIsRefusedWhileItArrives() {
    var decoder = RESPDecoder()
    let piece = Array(repeating: UInt8(ascii: "a"), count: 60_000)
    #expect(throws: Never.self) { try decoder.feed([UInt8(ascii: "+")] + piece) }
    #expect(throws: RESPError.lineTooLong(limit: 64 << 10)) { try decoder.feed(piece) }
  }

  @Test func totalCountsEverythingButTheLargestString() throws {
    let limits = RESPDecoder.Limits(bulk: 1000, total: 10)
    let large = "$100\r\n" + String(repeating: "x", count: 100) + "\r\n"
    #expect(try decode(Array(("*2\r\n" + large + "$10\r\n0123456789\r\n").utf8), cutAt: [], limits: limits).count == 1)
    #expect(throws: RESPError.replyTooLarge(limit: 10)) {
      try decode(Array(("*2\r\n" + large + large).utf8), cutAt: [], limits: limits)
    }
    // The limit is for one reply: many replies may be larger together.
    #expect(try decode(Array((large + large).utf8), cutAt: [], limits: limits).count == 2)
  }

  @Test func elementsAreCountedAtAllLevels() {
    let limits = RESPDecoder.Limits(elements: 10)
    #expect(throws: RESPError.tooManyElements(limit: 10)) {
      try decode(Array("*5\r\n*5\r\n:1\r\n:1\r\n:1\r\n:1\r\n:1\r\n%1\r\n".utf8), cutAt: [], limits: limits)
    }
  }

  @Test(arguments: 0..<8) func mutatedInputNeverTraps(seed: Int) {
    var random = Seeded(state: UInt64(seed))
    let wires = vectors.map { Array($0.wire.utf8) }
    let keepsAttributes = seed.isMultiple(of: 2)
    let hostile = ["9223372036854775807", "-9223372036854775808", "4294967296", "-1", "?", "\r\n", "|1\r\n", ">1\r\n"]
    var accepted = 0
    var refused = 0
    for _ in 0..<3000 {
      var bytes = (0..<3).flatMap { _ in wires.randomElement(using: &random)! }
      for _ in 0..<Int.random(in: 0...4, using: &random) {
        let position = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[position] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.remove(at: position)
        case 2: bytes.insert(contentsOf: hostile.randomElement(using: &random)!.utf8, at: position)
        default: bytes.removeSubrange(position...)
        }
        if bytes.isEmpty { bytes = [42] }
      }
      let whole = Result { try decode(bytes, cutAt: [], keepsAttributes: keepsAttributes) }
      let pieces = Result { try decode(bytes, cutAt: Array(0..<bytes.count), keepsAttributes: keepsAttributes) }
      switch (whole, pieces) {
      case (.success(let one), .success(let other)):
        accepted += 1
        #expect(outline(one) == outline(other))
      case (.failure, .failure): refused += 1
      default: Issue.record("cutting changes the verdict on \(bytes)")
      }
    }
    #expect(accepted > 100 && refused > 100)
  }
}
