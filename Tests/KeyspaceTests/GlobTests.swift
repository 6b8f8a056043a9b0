import Keyspace
import Testing

private func matches(_ pattern: [UInt8], _ name: [UInt8]) -> Bool {
  unsafe name.withUnsafeBufferPointer { unsafe Glob(pattern).matches($0) }
}

/// The answers are those of redis-server 7.0.15 (KEYS).
@Test(arguments: [
  ("h?llo", "hello", true), ("h?llo", "hllo", false), ("h*llo", "hllo", true), ("h*llo", "heeeello", true),
  ("h[ae]llo", "hallo", true), ("h[ae]llo", "hillo", false), ("h[^e]llo", "hallo", true), ("h[^e]llo", "hello", false),
  ("h[a-b]llo", "hbllo", true), ("h[b-a]llo", "hallo", true), ("h[a-b]llo", "hcllo", false),
  ("h\\?llo", "h?llo", true), ("h\\?llo", "hello", false), ("h\\*", "h*", true), ("h\\[a]", "h[a]", true),
  ("[\\]]", "]", true), ("[a\\-c]", "b", false), ("[a\\-c]", "-", true), ("[]", "a", false), ("[^]", "a", true),
  ("[abc", "c", true), ("[abc", "d", false), ("[^abc", "d", true), ("[a-]", "b", false), ("[a-]", "_", true),
  ("a\\", "a\\", true), ("a\\", "a", false), ("", "a", false), ("a", "a", true), ("a**b", "ab", true),
  ("*a*b*c*", "xaxbxcx", true), ("*a*b*c*", "xaxcxbx", false), ("a*", "a", true), ("a?", "a", false),
  ("**", "a", true), ("[", "[", false), ("[^", "a", true), ("*[0-9]", "k7", true), ("*[0-9]", "7k", false),
])
func globsMatchAsRedis(pattern: String, name: String, expected: Bool) {
  #expect(matches(Array(pattern.utf8), Array(name.utf8)) == expected)
}

@Test func onlyAStarAloneMatchesTheEmptyName() {
  #expect(matches(Array("*".utf8), []))
  #expect(!matches(Array("**".utf8), []))
  #expect(!matches(Array("?".utf8), []))
  #expect(matches([], []))
}

@Test func bytesInRangesAreSigned() {
  // C's char: 0x61...0xFF is 97 down to -1.
  let pattern: [UInt8] = [0x5B, 0x61, 0x2D, 0xFF, 0x5D]
  #expect(matches(pattern, [0x20]))
  #expect(matches(pattern, [0xFF]))
  #expect(!matches(pattern, [0xFE]))
  #expect(!matches(pattern, [0x62]))
}

/// With naive recursion this would take longer than the universe has existed.
@Test func manyStarsAreCheap() {
  let pattern = Array(String(repeating: "a*", count: 200).utf8) + [UInt8(ascii: "b")]
  #expect(!matches(pattern, [UInt8](repeating: UInt8(ascii: "a"), count: 2000)))
}
