import Keyspace
import Testing

@Suite struct TTLInputTests {
  private func parse(_ text: String, offset: Int64 = 0) -> TTLInput? {
    if case .success(let input) = TTLInput.parse(text, localOffset: { _ in offset }) { input } else { nil }
  }

  @Test func durations() {
    #expect(parse("90") == .after(90_000))
    #expect(parse("90s") == .after(90_000))
    #expect(parse("15m") == .after(900_000))
    #expect(parse("2h30m") == .after(9_000_000))
    #expect(parse(" 2h 30m ") == .after(9_000_000))
    #expect(parse("7d") == .after(604_800_000))
    #expect(parse("1d2h3m4s5ms") == .after(93_784_005))
    #expect(parse("500ms") == .after(500))
    #expect(parse("none") == .never)
    #expect(parse("NONE") == .never)
    #expect(parse("+10m") == .adding(600_000))
  }

  @Test func dates() {
    #expect(parse("@1970-01-01") == .at(0))
    #expect(parse("@2026-12-31T23:59Z") == .at(1_798_761_540_000))
    #expect(parse("@2026-12-31T23:59", offset: 3_600) == .at(1_798_757_940_000))
    #expect(parse("@2026-12-31 23:59:30+02:00") == .at(1_798_754_370_000))
    #expect(parse("@2026-12-31T23:59-0530") == .at(1_798_781_340_000))
    #expect(parse("@2028-02-29T00:00:00Z") == .at(1_835_395_200_000))
    #expect(parse("@2000-03-01Z") == .at(951_868_800_000))
  }

  @Test(arguments: [
    "", "x", "0", "-5", "5x", "5m2h", "5m5m", "5 5 m m", "1.5h", "m", "+", "+none", "@", "@2026-02-29", "@2026-13-01",
    "@2026-01-01T24:00", "@2026-1-1", "@2026-01-01T10", "@1970-01-01T00:00+10:00", "99999999999999999999",
    "9000000000000000d", "１５m",
  ])
  func whatIsNoTTL(text: String) { #expect(parse(text) == nil) }

  /// Whatever is typed: an answer, never a trap.
  @Test func randomText() {
    var generator = SystemRandomNumberGenerator()
    let letters = Array("0123456789dhms+@-:TZ none\u{e9}９")
    for _ in 0..<20_000 {
      let text = String((0..<Int.random(in: 0...24, using: &generator)).map { _ in letters.randomElement() ?? "0" })
      if case .failure(let mistake) = TTLInput.parse(text, localOffset: { _ in 0 }) { #expect(!mistake.text.isEmpty) }
    }
  }
}
