import Testing

@testable import Canvas

@Suite struct BarTests {
  @Test(arguments: [
    (0.0, "······"), (0.001, "▏·····"), (0.25, "█▌····"), (0.5, "███···"), (0.99, "█████▉"), (1.0, "██████"),
    (7.0, "██████"), (-1.0, "······"), (.nan, "······"),
  ])
  func bar(fraction: Double, text: String) {
    #expect(Bar.cells(fraction: fraction, width: 6).string == text)
  }

  @Test func barInASCIIAndRoles() {
    #expect(Bar.cells(fraction: 0.5, width: 5, glyphs: .ascii).string == "##:..")
    #expect(Bar.cells(fraction: 0.5, width: 2, fill: .barWarn).elements.map(\.role) == [.barWarn, .barEmpty])
    #expect(Bar.cells(fraction: 1, width: 0).isEmpty)
  }

  @Test func ttlBarIsLogarithmic() {
    let seconds: [Int64] = [0, 1, 10, 60, 3600, 86_400, 604_800, 9_000_000]
    let fractions = seconds.map { Bar.ttlFraction(milliseconds: $0 * 1000) }
    #expect(fractions == fractions.sorted())
    #expect(fractions[0] == 0)
    #expect(fractions[6] == 1)
    #expect(fractions[7] == 1)
    // A minute is a third of the way to a week, an hour three fifths.
    #expect((0.28...0.34).contains(fractions[3]))
    #expect((0.58...0.65).contains(fractions[4]))
    #expect(Bar.ttlFraction(milliseconds: .max) == 1)
    #expect(Bar.ttlFraction(milliseconds: -5) == 0)
  }

  @Test func sparkline() {
    #expect(Sparkline.cells([1, 2, 4, 8], width: 6).string == "  ▂▃▅█")
    #expect(Sparkline.cells([1, 2, 4, 8], width: 2).string == "▅█")
    #expect(Sparkline.cells([0, 0], width: 2).string == "▁▁")
    #expect(Sparkline.cells([], width: 2).string == "  ")
    #expect(Sparkline.cells([1, .nan, .infinity], width: 3).string == "█▁▁")
    #expect(Sparkline.cells([1], width: 0).isEmpty)
  }
}

@Suite struct FormatTests {
  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1,000"), (1_204_331, "1,204,331"), (-12_345, "-12,345"),
    (.max, "9,223,372,036,854,775,807"), (.min, "-9,223,372,036,854,775,808"),
  ])
  func count(value: Int, text: String) {
    #expect(Format.count(value) == text)
  }

  @Test(arguments: [
    (0, "0"), (612, "612"), (999, "999"), (1000, "1.0k"), (1024, "1.0k"), (1331, "1.3k"), (10_189, "10k"),
    (10_188, "9.9k"), (38 << 20, "38M"), (810 << 20, "810M"), (1000 << 20, "1.0G"), (1_288_490_189, "1.2G"),
    (1_047_000, "1.0M"), (.max, "8.0E"), (-1, "0"),
  ])
  func size(bytes: Int, text: String) {
    #expect(Format.size(bytes) == text)
  }

  @Test func sizeNeedsFourCharacters() {
    var random = SplitMix(seed: 4)
    for _ in 0..<20_000 {
      let bytes = random.next() >> (random.next() % 64)
      #expect(Format.size(bytes).count <= 4, "\(bytes)")
    }
  }
}
