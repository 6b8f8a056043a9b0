import RESP
import Testing

/// Wire text with attributes, and what it means where they are kept.
private let kept: [(wire: String, outlines: [String])] = [
  ("|1\r\n+ttl\r\n:3\r\n$1\r\nv\r\n", ["attributed reply[simple string(ttl) integer(3) bulk string(v)]"]),
  (
    "*2\r\n|1\r\n+a\r\n*2\r\n:1\r\n:2\r\n:7\r\n|0\r\n:8\r\n",
    ["array[attributed reply[simple string(a) array[integer(1) integer(2)] integer(7)] integer(8)]"]
  ),
  (
    "|1\r\n+a\r\n:1\r\n|2\r\n+b\r\n:2\r\n+c\r\n:3\r\n*1\r\n:4\r\n+next\r\n",
    [
      "attributed reply[simple string(a) integer(1) attributed reply[simple string(b) integer(2) simple string(c) "
        + "integer(3) array[integer(4)]]]",
      "simple string(next)",
    ]
  ),
  // An attribute may be about a part of another one, and about a key as well as a value of a map.
  (
    "|1\r\n+a\r\n|1\r\n+b\r\n:2\r\n:3\r\n_\r\n",
    ["attributed reply[simple string(a) attributed reply[simple string(b) integer(2) integer(3)] null]"]
  ),
  (
    "%1\r\n|1\r\n+a\r\n:1\r\n+key\r\n|1\r\n+b\r\n:2\r\n$-1\r\n",
    [
      "map[attributed reply[simple string(a) integer(1) simple string(key)] "
        + "attributed reply[simple string(b) integer(2) null]]"
    ]
  ),
  ("|1\r\n+a\r\n:1\r\n*0\r\n", ["attributed reply[simple string(a) integer(1) array[]]"]),
  ("|1\r\n+a\r\n:1\r\n>1\r\n+p\r\n", ["attributed reply[simple string(a) integer(1) push[simple string(p)]]"]),
  ("|1\r\n+a\r\n:1\r\n-ERR no\r\n", ["attributed reply[simple string(a) integer(1) error(ERR no)]"]),
]

@Suite("Attributes that are kept") struct AttributeTests {
  @Test("every cut gives the same", arguments: kept) func everyCut(wire: String, outlines: [String]) throws {
    let bytes = Array(wire.utf8)
    for cut in 0...bytes.count {
      #expect(try outline(decode(bytes, cutAt: [cut], keepsAttributes: true)) == outlines, "cut at \(cut)")
    }
    #expect(try outline(decode(bytes, cutAt: Array(0..<bytes.count), keepsAttributes: true)) == outlines)
  }

  @Test("without an attribute nothing is different", arguments: vectors)
  func others(wire: String, outlines: [String]) throws {
    guard !wire.contains("|") else { return }
    #expect(try outline(decode(Array(wire.utf8), cutAt: [], keepsAttributes: true)) == outlines)
  }

  @Test("what is left without them is what a decoder that drops them reads", arguments: kept)
  func elements(wire: String, outlines: [String]) throws {
    func bare(_ view: ReplyView) -> String {
      let view = view.element
      guard view.kind.isAggregate else { return outline(view) }
      return "\(view.kind.name)[" + view.children.map(bare).joined(separator: " ") + "]"
    }
    let bytes = Array(wire.utf8)
    let dropped = try decode(bytes, cutAt: [])
    #expect(try decode(bytes, cutAt: [], keepsAttributes: true).map(bare) == outline(dropped))
  }

  @Test func replyAndAttributeAreFound() throws {
    let wire = Array("|1\r\n+ttl\r\n:3\r\n|1\r\n+b\r\n_\r\n$1\r\nv\r\n".utf8)
    let reply = try #require(try Replies(parsing: wire, keepsAttributes: true).first)
    #expect(reply.kind == .attributed)
    #expect(reply.count == 3)
    #expect(reply.value(for: "ttl")?.integer == 3)
    #expect(reply.element.string == "v")
    #expect(reply.element.element.string == "v")
  }

  @Test func aPushIsToldByItsKindWhateverItsAttributes() throws {
    var decoder = RESPDecoder(keepsAttributes: true)
    try decoder.feed(Array("$1\r\na\r\n|1\r\n+t\r\n:1\r\n>1\r\n$4\r\npush\r\n".utf8))
    #expect(decoder.lastKind == .push)
    #expect(decoder.takeLast().first.map { outline($0.element) } == "push[bulk string(push)]")
    try decoder.feed(Array("$1\r\nb\r\n".utf8))
    #expect(outline(decoder.takeReplies()) == ["bulk string(a)", "bulk string(b)"])
  }

  @Test(
    "a push is refused inside another reply, also where it has an attribute there or is one's",
    arguments: [
      "*1\r\n|1\r\n+a\r\n:1\r\n>1\r\n+p\r\n", "|1\r\n>1\r\n+p\r\n", "|1\r\n+a\r\n>1\r\n+p\r\n",
      "|1\r\n+a\r\n|1\r\n+b\r\n>1\r\n+p\r\n",
    ])
  func nestedPush(wire: String) {
    #expect(throws: RESPError.nestedPush) { try decode(Array(wire.utf8), cutAt: [], keepsAttributes: true) }
  }

  @Test func completeRepliesCanBeTakenInTheMiddleOfAnAttribute() throws {
    var decoder = RESPDecoder(keepsAttributes: true)
    try decoder.feed(Array("+one\r\n|1\r\n+a\r\n*2\r\n:1\r\n$3\r\nab".utf8))
    #expect(outline(decoder.takeReplies()) == ["simple string(one)"])
    try decoder.feed(Array("c\r\n:2\r\n".utf8))
    #expect(!decoder.isMidReply)
    #expect(
      outline(decoder.takeReplies()) == [
        "attributed reply[simple string(a) array[integer(1) bulk string(abc)] integer(2)]"
      ])
  }

  @Test func depthAndCountsAreBounded() throws {
    let attribute = "|1\r\n+a\r\n:1\r\n"
    func feed(_ count: Int, limits: RESPDecoder.Limits = .init()) throws(RESPError) -> Replies {
      try decode(
        Array((String(repeating: attribute, count: count) + ":7\r\n").utf8), cutAt: [], limits: limits,
        keepsAttributes: true)
    }
    #expect(try feed(64).first?.element.integer == 7)
    #expect(throws: RESPError.tooDeep(limit: 64)) { try feed(65) }
    // A pair is two elements, and what it is about stands for one more.
    #expect(try feed(3, limits: .init(elements: 9)).count == 1)
    #expect(throws: RESPError.tooManyElements(limit: 8)) { try feed(3, limits: .init(elements: 8)) }
    for header in ["|4611686018427387904\r\n", "|1048577\r\n", "|1048576\r\n"] {
      #expect(throws: RESPError.tooManyElements(limit: 2 << 20)) {
        try decode(Array(header.utf8), cutAt: [], keepsAttributes: true)
      }
    }
  }
}
