import Canvas
import Keyspace
import Requests
import Testing
import Values

@testable import Browser

@Suite("Values in $PAGER") struct PagerTests {
  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  private func opened(_ type: KeyType, _ page: ValuePage) -> Harness {
    var harness = Harness(["k"])
    harness.tell([("k", type, nil)])
    harness.press(.enter)
    harness.open("k", type, page)
    harness.forgetEffects()
    return harness
  }

  private func string(_ text: String, length: Int? = nil) -> Harness {
    opened(.string, .string(StringPage(length: length ?? text.utf8.count, offset: 0, bytes: bytes(text))))
  }

  private func documents(_ harness: Harness) -> [String] {
    harness.effects.compactMap {
      if case .pager(let document) = $0 { String(decoding: document, as: UTF8.self) } else { nil }
    }
  }

  private func answer(_ text: String, length: Int? = nil, _ harness: inout Harness) {
    let facts = KeyFacts(name: KeyName("k"), type: .known(.string), deadline: .known(.persistent), size: .known(90_000))
    let page = StringPage(length: length ?? text.utf8.count, offset: 0, bytes: bytes(text))
    harness.answer(.value, .page(KeyName("k"), .string(page), facts: facts, clock: Harness.clock))
  }

  @Test func asItIsShown() {
    var text = string("one\ttwo\n\u{1b}[31m中\u{202e}\\x41")
    text.type("op")
    #expect(documents(text) == ["one\ttwo\n\\x1b[31m中\\xe2\\x80\\xae\\\\x41"])
    #expect(text.state.overlay == nil)
    var json = string(#"{"a":[1,"x"],"b":{}}"#)
    json.type("op")
    #expect(documents(json) == ["{\n  \"a\": [\n    1,\n    \"x\"\n  ],\n  \"b\": {}\n}\n"])
    var hex = string("0123456789abcdefXYZ\n")
    hex.type("ohop")
    #expect(
      documents(hex) == [
        "0000  30 31 32 33 34 35 36 37  38 39 61 62 63 64 65 66  0123456789abcdef\n"
          + "0010  58 59 5a 0a                                       XYZ.\n"
      ])
    var element = opened(.list, .list(ListPage(length: 1, start: 0, elements: [bytes("the element")])))
    element.press(.enter)
    element.type("op")
    #expect(documents(element) == ["the element"])
  }

  @Test func onlyWhole() {
    let long = String(repeating: "x\n", count: 40_000)
    var harness = string(String(long.prefix(65_536)), length: 80_000)
    harness.type("op")
    #expect(documents(harness) == [])
    #expect(
      harness.requests(.value).contains(.page(KeyName("k"), .string, .bytes(offset: 0, length: State.editorLimit))))
    answer(long, &harness)
    #expect(documents(harness) == [long])
    // Hex stays hex, and what is no JSON any more is text.
    harness.forgetEffects()
    harness.type("ohop")
    answer(String(repeating: "y", count: 70_000), &harness)
    #expect(documents(harness).first?.hasPrefix("00000  79 79") == true)
    #expect(documents(harness).first?.split(separator: "\n").count == 4_375)
    harness = string("x", length: State.editorLimit + 1)
    harness.type("op")
    #expect(documents(harness) == [])
    #expect(
      harness.requests(.value).allSatisfy {
        if case .page(_, _, .bytes(0, State.editorLimit)) = $0 { false } else { true }
      })
    #expect(harness.text.contains("too long for $PAGER: 1.0M, the limit is 1.0M"))
    // The wait is given up; the connection is lost.
    harness = string(String(long.prefix(65_536)), length: 80_000)
    harness.type("op")
    harness.press(.escape)
    answer(long, &harness)
    #expect(documents(harness) == [])
    harness.type("op")
    harness.send(.notice(.link(.lost(why: "x", retryIn: 100))))
    #expect(harness.text.contains("nothing was shown"))
    harness.type("op")
    #expect(harness.text.contains("not connected"))
    #expect(documents(harness) == [])
  }

  @Test func whyItWasNotShown() {
    var harness = string("v")
    harness.type("op")
    harness.send(.pagerEnded(why: nil))
    #expect(harness.state.message == nil)
    harness.send(.pagerEnded(why: "'nope' was not found: set PAGER"))
    #expect(harness.text.contains("$PAGER: 'nope' was not found: set PAGER"))
    // Other types have no string to be shown.
    harness = opened(.set, .set(SetPage(length: 1, members: [bytes("m")], next: 0)))
    harness.type("op")
    #expect(documents(harness) == [])
  }
}
