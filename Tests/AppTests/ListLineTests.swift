import Keyspace
import Testing
import Values

@testable import App

@Suite("Lines of ls")
struct ListLineTests {
  private let denial = Denial(command: "MEMORY USAGE", missingRule: "+memory|usage")

  private func key(_ name: [UInt8] = Array("user:1".utf8)) -> KeyFacts {
    KeyFacts(name: KeyName(name), type: .known(.hash), deadline: .known(.at(61_500)), size: .known(1500))
  }

  @Test func names() {
    let line = ListLine(format: .names, isPlain: false)
    #expect(line.text(key(), serverTime: 0) == "user:1")
    #expect(line.text(key([0x61, 0x0a, 0xff]), serverTime: 0) == #"a\x0a\xff"#)
  }

  @Test func long() {
    var line = ListLine(format: .long, isPlain: false)
    #expect(line.text(key(), serverTime: 1500) == "HSH          1m  1.5k  user:1")
    var facts = key()
    facts.deadline = .known(.at((36_499 * 24 + 23) * 3_600_000))
    #expect(line.text(facts, serverTime: 0) == "HSH  36499d 23h  1.5k  user:1")
    facts.deadline = .known(.persistent)
    facts.size = .denied(denial)
    #expect(line.text(facts, serverTime: 0) == "HSH           -     ✗  user:1")
    line = ListLine(format: .long, isPlain: true)
    facts.type = .known(.other("bloom"))
    facts.deadline = .unknown
    #expect(line.text(facts, serverTime: 0) == "???           ?     x  user:1")
    facts.deadline = .known(.at(5))
    #expect(line.text(facts, serverTime: 5) == "???         due     x  user:1")
  }

  @Test func json() {
    let line = ListLine(format: .json, isPlain: false)
    #expect(
      line.text(key(), serverTime: 500) == #"{"key":"user:1","type":"hash","ttl_ms":61000,"size":1500}"#)
    var facts = key([0xff, 0x22])
    facts.deadline = .known(.persistent)
    facts.size = .denied(denial)
    #expect(
      line.text(facts, serverTime: 0)
        == #"{"key":"\\xff\"","key_base64":"/yI=","type":"hash","ttl_ms":null,"size":null,"denied":["MEMORY USAGE"]}"#)
    facts = key()
    #expect(line.text(facts, serverTime: 70_000).contains(#""ttl_ms":0,"#))
  }
}
