import Keyspace
import Testing

@testable import App
@testable import Browser

@Suite("Commands that recreate keys, read as redis-cli reads them")
struct RecreationTests {
  @Test func everyByteComesBack() throws {
    var generator = SystemRandomNumberGenerator()
    let pieces: [[UInt8]] =
      ["\"", "\\", "'", "\n", "\r\n", "\t", " ", "\u{301}", "e\u{301}", "中", "👩‍👧", "\u{200b}", "\\x41", "\u{202e}", "a"]
      .map { Array($0.utf8) } + [[0xff], [0], [0x7f], [0xc3]]
    for _ in 0..<2_000 {
      let (name, value) = (words(&generator), words(&generator))
      func words(_ generator: inout some RandomNumberGenerator) -> [UInt8] {
        (0..<Int.random(in: 0..<8, using: &generator)).flatMap { _ in pieces.randomElement(using: &generator)! }
      }
      let set = try #require(Recreation.string(KeyName(name), value, .at(1_700_000_000_123), knowsPXAT: true))
      #expect(
        try RedisArguments.split(set.utf8)
          == [Array("SET".utf8), name, value, Array("PXAT".utf8), Array("1700000000123".utf8)])
      let restore = try #require(Recreation.dump(KeyName(name), value, .persistent))
      #expect(try RedisArguments.split(restore.utf8) == [Array("RESTORE".utf8), name, [0x30], value])
      #expect(!set.utf8.contains { $0 < 0x20 })
    }
    #expect(Recreation.string(KeyName([]), [], nil, knowsPXAT: true) == nil)
    #expect(Recreation.dump(KeyName([]), [], .unknown) == nil)
  }
}
