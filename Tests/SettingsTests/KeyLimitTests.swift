import Testing

@testable import Settings

struct KeyLimitTests {
  @Test(
    arguments: [
      ("MemTotal:  8000000 kB\nMemFree: 100 kB\nMemAvailable:    6000000 kB\nBuffers: 5 kB\n", 6_144_000_000),
      ("MemAvailable: 0 kB", 0), ("MemAvailable: -5 kB", nil), ("MemAvailable: 5 MB", nil), ("MemAvailable:", nil),
      ("MemAvailable: 9223372036854775807 kB", nil), ("", nil), ("NotMemAvailable: 5 kB", nil),
    ] as [(String, Int?)])
  func readsWhatIsFree(_ text: String, _ bytes: Int?) { #expect(KeyLimit.available(text) == bytes) }

  @Test func isHalfOfTheFreeMemory() {
    #expect(KeyLimit.keys(forFree: 6_144_000_000) == 48_000_000)
    #expect(KeyLimit.keys(forFree: 10_000) == 1_000_000)
    #expect(KeyLimit.keys(forFree: nil) == 1_000_000)
    #expect(KeyLimit.standard() >= 1_000_000)
  }
}
