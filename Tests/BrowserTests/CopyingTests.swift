import Canvas
import Keyspace
import Requests
import Testing
import Values

@testable import Browser

@Suite("Copying by OSC 52") struct CopyingTests {
  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  private func opened(_ type: KeyType, _ page: ValuePage?, _ name: String = "k", left: Int64? = nil) -> Harness {
    var harness = Harness([name])
    harness.tell([(name, type, left)])
    harness.press(.enter)
    harness.open(name, type, page, left: left)
    harness.forgetEffects()
    return harness
  }

  private func string(_ text: String, length: Int? = nil, left: Int64? = nil) -> Harness {
    opened(.string, .string(StringPage(length: length ?? text.utf8.count, offset: 0, bytes: bytes(text))), left: left)
  }

  private func copies(_ harness: Harness) -> [[UInt8]] {
    harness.effects.compactMap { if case .copy(let bytes) = $0 { bytes } else { nil } }
  }

  /// Presses these keys; what was copied then, as text, and what is said.
  private func copied(_ keys: String, in harness: inout Harness) -> (text: String?, message: String) {
    harness.forgetEffects()
    harness.type(keys)
    let copies = copies(harness)
    #expect(copies.count <= 1)
    return (copies.first.map { String(decoding: $0, as: UTF8.self) }, said(harness))
  }

  private func said(_ harness: Harness) -> String {
    String(decoding: harness.state.message?.bytes ?? [], as: UTF8.self)
  }

  @Test func theNameAsItIs() {
    var harness = Harness(["a:b\u{0}\u{202e}:c"])
    harness.press(.character("v"))
    harness.giveRows()
    let (text, message) = copied("yk", in: &harness)
    #expect(text == "a:b\u{0}\u{202e}:c")
    #expect(message == "copied the name, 9 bytes, by OSC 52 (the terminal may ignore it)")
    // A folder has a prefix, and nothing else.
    harness = Harness(["a:b:c", "a:b:d"])
    #expect(copied("yk", in: &harness).text == "a:")
    harness.type("y")
    #expect(!harness.text.contains("command that recreates"))
    harness = Harness([])
    #expect(copied("y", in: &harness).message == "nothing is under the cursor")
    // In the value pane it is that of the open key, wherever the list's cursor is.
    harness = string("v")
    #expect(copied("yk", in: &harness).text == "k")
  }

  @Test func aStringWhole() {
    var harness = string("one\u{0}two")
    let (text, message) = copied("yv", in: &harness)
    #expect(text == "one\u{0}two")
    #expect(message == "copied the value, 7 bytes, by OSC 52 (the terminal may ignore it)")
    #expect(harness.text.contains("copied the value, 7 bytes, by OSC 52 (the terminal may ignore it)"))
    #expect(copied("yf", in: &harness).text == nil, "a string has no fields")
    harness.press(.escape)
    // Also from the list.
    harness.press(.tab)
    #expect(copied("yv", in: &harness).text == "one\u{0}two")
    harness = string("")
    #expect(copied("yv", in: &harness) == ("", "copied the value, 0 bytes, by OSC 52 (the terminal may ignore it)"))
  }

  @Test func whatHasNotBeenReadIsReadFirst() {
    var harness = Harness(["k", "l"])
    harness.tell([("k", .string, nil), ("l", .hash, nil)])
    harness.press(.control("l"))
    let (text, _) = copied("yvj", in: &harness)
    #expect(text == nil)
    harness.open("k", .string, .string(StringPage(length: 3, offset: 0, bytes: bytes("abc"))))
    #expect(copies(harness) == [bytes("abc")])
    #expect(harness.state.list.cursorKey == KeyName("l"), "what was typed behind it is done behind it")
    harness.type("y")
    #expect(!harness.text.contains("v  value"), "only a string is copied whole")
    harness.press(.escape)
    // In the value pane the menu waits for the value, and the keys for the menu.
    harness.press(.enter)
    harness.type("yf")
    harness.open("l", .hash, .hash(HashPage(length: 1, fields: [.init(name: bytes("f"), value: bytes("1"))], next: 0)))
    #expect(copies(harness).last == bytes("f"))
  }

  @Test func aLongStringIsReadWhole() {
    var harness = string(String(repeating: "x", count: 65_536), length: 70_000)
    harness.type("yv")
    #expect(copies(harness) == [])
    #expect(harness.requests(.value) == [.page(KeyName("k"), .string, .bytes(offset: 0, length: 74_994))])
    func answer(_ page: StringPage, _ harness: inout Harness) {
      let facts = KeyFacts(
        name: KeyName("k"), type: .known(.string), deadline: .known(.persistent), size: .known(80_000))
      harness.answer(.value, .page(KeyName("k"), .string(page), facts: facts, clock: Harness.clock))
    }
    let whole = [UInt8](repeating: 0x79, count: 70_000)
    answer(StringPage(length: 70_000, offset: 0, bytes: whole), &harness)
    #expect(copies(harness) == [whole])
    #expect(said(harness).hasPrefix("copied the value, 70,000 bytes"))
    // It grew beyond what is read: a part is not all.
    harness.forgetEffects()
    harness.type("yv")
    answer(StringPage(length: 80_000, offset: 0, bytes: [UInt8](repeating: 0x79, count: 74_994)), &harness)
    #expect(copies(harness) == [])
    #expect(said(harness).contains("grew"))
    // It went away, or the wait was given up.
    harness.type("yv")
    harness.open("k", .string, nil)
    #expect(copies(harness) == [])
    #expect(said(harness).contains("nothing was copied"))
    harness = string(String(repeating: "x", count: 65_536), length: 70_000)
    harness.type("yv")
    harness.press(.escape)
    answer(StringPage(length: 70_000, offset: 0, bytes: whole), &harness)
    #expect(copies(harness) == [])
  }

  @Test func theLimitIsTheTerminals() {
    var harness = string(String(repeating: "x", count: 74_994))
    harness.type("yv")
    // Read anew in one piece; the limit itself is not over it.
    let facts = KeyFacts(name: KeyName("k"), type: .known(.string), deadline: .known(.persistent), size: .known(80_000))
    let page = StringPage(length: 74_994, offset: 0, bytes: [UInt8](repeating: 0x78, count: 74_994))
    harness.answer(.value, .page(KeyName("k"), .string(page), facts: facts, clock: Harness.clock))
    #expect(copies(harness).map(\.count) == [74_994])
    harness = string("x", length: 74_995)
    #expect(
      copied("yv", in: &harness)
        == (
          nil,
          "the value has 74,995 bytes, the limit of the terminal's clipboard is 74,994 bytes: nothing was copied. E opens it in $EDITOR"
        ))
    #expect(harness.requests(.value) == [])
    harness = string("x", length: 1_200_000)
    #expect(copied("yv", in: &harness).message.hasPrefix("the value has 1.1M, the limit"))
    #expect(!said(harness).contains("$EDITOR"), "nor does that take it")
    // An element that is too long.
    harness = opened(
      .list, .list(ListPage(length: 1, start: 0, elements: [[UInt8](repeating: 0x78, count: 80_000)])))
    #expect(copied("yv", in: &harness).message.hasPrefix("the element has 80,000 bytes, the limit"))
  }

  @Test func theElementUnderTheCursor() {
    var hash = opened(
      .hash,
      .hash(
        HashPage(
          length: 2,
          fields: [.init(name: bytes("a"), value: bytes("1")), .init(name: bytes("b"), value: bytes("2\n"))],
          next: 0)))
    hash.type("j")
    #expect(
      copied("yv", in: &hash) == (
        "2\n", "copied the value of the field, 2 bytes, by OSC 52 (the terminal may ignore it)"
      ))
    #expect(copied("yf", in: &hash) == ("b", "copied the field name, 1 byte, by OSC 52 (the terminal may ignore it)"))
    hash.press(.enter)
    #expect(copied("yv", in: &hash).text == "2\n", "also while it is shown alone")
    var list = opened(.list, .list(ListPage(length: 3, start: 0, elements: [bytes("x"), bytes("y"), bytes("z")])))
    list.type("G")
    #expect(copied("yv", in: &list).text == "z")
    #expect(copied("yf", in: &list) == ("2", "copied the index, 1 byte, by OSC 52 (the terminal may ignore it)"))
    var set = opened(.set, .set(SetPage(length: 1, members: [[0xff, 0]], next: 0)))
    set.type("yv")
    #expect(copies(set) == [[0xff, 0]])
    var sorted = opened(
      .sortedSet,
      .sortedSet(
        SortedSetPage(length: 1, start: 0, reverse: false, entries: [.init(member: bytes("m"), score: bytes("1.5"))])))
    #expect(copied("yv", in: &sorted) == ("m", "copied the member, 1 byte, by OSC 52 (the terminal may ignore it)"))
    #expect(copied("yf", in: &sorted).text == "m")
    let entry = StreamPage.Entry(
      id: StreamID(milliseconds: 5, sequence: 1),
      fields: [(bytes("temp"), bytes("21.5")), (bytes("unit"), bytes("degree C"))])
    var stream = opened(
      .stream, .stream(StreamPage(length: 1, entries: [entry], groups: .known([]), reachedEnd: true)))
    #expect(copied("yv", in: &stream).text == "temp 21.5\nunit \"degree C\"")
    #expect(copied("yf", in: &stream).text == "5-1")
    // Nothing under the cursor: the key itself is left.
    var empty = opened(.hash, .hash(HashPage(length: 0, fields: [], next: 0)))
    empty.type("y")
    #expect(empty.text.contains("k  name") && !empty.text.contains("f  "))
  }

  @Test func theCommandOfAString() {
    func command(_ value: String, left: Int64?, version: String? = nil) -> String? {
      var harness = string("old", left: nil)
      if let version {
        var server = ServerFacts()
        (server.product, server.version) = ("redis", version)
        harness.answer(.header, .server(server))
      }
      harness.forgetEffects()
      harness.type("yc")
      // Read anew, with the deadline.
      #expect(harness.requests(.value) == [.page(KeyName("k"), .string, .bytes(offset: 0, length: 74_994))])
      let facts = KeyFacts(
        name: KeyName("k"), type: .known(.string), deadline: .known(left.map { .at(Harness.wall + $0) } ?? .persistent),
        size: .known(60))
      let page = StringPage(length: value.utf8.count, offset: 0, bytes: bytes(value))
      harness.answer(.value, .page(KeyName("k"), .string(page), facts: facts, clock: Harness.clock))
      return copies(harness).first.map { String(decoding: $0, as: UTF8.self) }
    }
    #expect(command("v", left: nil) == "SET k v")
    #expect(command("a b", left: 5_000) == "SET k \"a b\" PXAT 1767225605000")
    #expect(command("v", left: 5_000, version: "6.2.1") == "SET k v PXAT 1767225605000")
    #expect(command("v", left: 5_000, version: "6.0.16") == "SET k v\nPEXPIREAT k 1767225605000")
    #expect(command(String(repeating: "x", count: 1_000), left: nil)?.count == 1_006, "nothing is left out")
    // What fits as a value need not fit as a command.
    #expect(command(String(repeating: "\u{1}", count: 20_000), left: nil) == nil)
  }

  @Test func theCommandOfAnythingElse() {
    func command(_ outcome: DumpOutcome) -> (text: String?, message: String) {
      var harness = opened(.list, .list(ListPage(length: 1, start: 0, elements: [bytes("x")])))
      harness.type("yc")
      #expect(harness.requests(.question) == [.dump(KeyName("k"), limit: State.dumpLimit)])
      harness.answer(.question, .dump(KeyName("k"), outcome))
      #expect(harness.state.value.detail == nil, "it is not shown")
      return (copies(harness).first.map { String(decoding: $0, as: UTF8.self) }, said(harness))
    }
    let dump: [UInt8] = [0x00, 0xc3, 0xa9, 0xff, 0x22, 0x41]
    #expect(command(.bytes(dump, deadline: .known(.persistent))).text == #"RESTORE k 0 "\x00\xc3\xa9\xff\"A""#)
    #expect(
      command(.bytes(dump, deadline: .known(.at(1_767_225_605_000)))).text
        == #"RESTORE k 1767225605000 "\x00\xc3\xa9\xff\"A" ABSTTL"#)
    #expect(
      command(.bytes(dump, deadline: .denied(Denial(command: "PTTL", missingRule: nil)))).message.contains(
        "TTL cannot be read"))
    #expect(command(.gone).message.contains("nothing was copied"))
    #expect(
      command(.tooBig(bytes: 2 << 20, limit: 1 << 20)).message.contains("takes 2.0M of memory, the limit for DUMP"))
    #expect(
      command(.bytes([UInt8](repeating: 0xff, count: 30_000), deadline: .known(.persistent))).message
        .contains("the command has 120,0"))
    // A failure says why; then D shows a DUMP again.
    var harness = opened(.list, .list(ListPage(length: 1, start: 0, elements: [bytes("x")])))
    harness.type("yc")
    harness.answer(
      .question,
      .failed(Failure(kind: .server, what: "copying a key by DUMP", why: bytes("NOPERM"), nextStep: "Ask.")))
    #expect(said(harness).contains("NOPERM"))
    harness.type("oD")
    harness.answer(.question, .dump(KeyName("k"), .bytes(dump, deadline: .known(.persistent))))
    #expect(copies(harness) == [])
    #expect(harness.state.value.detail != nil)
  }

  @Test("a value that is not as the server has it is read again first") func staleValues() {
    let page = { (value: String) in
      ValuePage.hash(HashPage(length: 1, fields: [.init(name: Array("f".utf8), value: Array(value.utf8))], next: 0))
    }
    var harness = opened(.hash, page("1"))
    harness.press(.enter)
    harness.send(.notice(.link(.lost(why: "x", retryIn: 100))))
    #expect(copied("yv", in: &harness) == (nil, "not connected, and what is shown may be old: nothing was copied"))
    harness.send(.notice(.link(.connected)))
    harness.type("yv")
    #expect(copies(harness) == [])
    harness.advance(2_000)
    harness.open("k", .hash, page("2"))
    #expect(copies(harness) == [bytes("2")])
  }

  @Test func switchedOff() {
    var harness = Harness(["k"], setup: Setup(endpointName: "x", clipboard: .off))
    let (text, message) = copied("y", in: &harness)
    #expect(text == nil)
    #expect(harness.state.overlay == nil)
    #expect(message.contains("clipboard: false"))
  }

  @Test func wordsWithMarksBehindSigns() {
    #expect(CommandText.word(bytes("\"\u{301}")) == #""\"\xcc\x81""#)
    #expect(CommandText.word(bytes("\\\u{301}x")) == #""\\\xcc\x81x""#)
  }
}
