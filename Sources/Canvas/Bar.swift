/// A horizontal bar with a resolution of an eighth of a cell.
package enum Bar {
  /// A bar of exactly so many cells.
  ///
  /// - Parameter fraction: how much is full, 0 to 1. Whatever is more than nothing shows at least one
  ///   step, and only what is whole is full.
  package static func cells(
    fraction: Double, width: Int, fill: Role = .barFill, empty: Role = .barEmpty, glyphs: GlyphSet = .unicode
  ) -> DisplayText {
    var text = DisplayText()
    guard width > 0 else { return text }
    let steps = glyphs.barSteps.count
    let part = fraction.isNaN ? 0 : min(1, max(0, fraction))
    var filled = Int((part * Double(width * steps)).rounded())
    if part > 0 { filled = max(1, filled) }
    if part < 1 { filled = min(width * steps - 1, filled) }
    for _ in 0..<(filled / steps) { text.append(glyphs.barSteps[steps - 1], role: fill) }
    if filled % steps > 0 { text.append(glyphs.barSteps[filled % steps - 1], role: fill) }
    while text.width < width { text.append(glyphs.barEmpty, role: empty) }
    return text
  }

  /// The fraction of the logarithmic TTL bar in lists, 1 s to 7 d, so that the bars of all keys can be compared.
  package static func ttlFraction(milliseconds: Int64) -> Double {
    guard milliseconds > 0 else { return 0 }
    let week = 7 * 86_400.0
    return min(1, logarithm(1 + Double(milliseconds) / 1000) / logarithm(1 + week))
  }

  /// The logarithm to base 2, straight between the powers of two: near enough for a bar.
  package static func logarithm(_ value: Double) -> Double {
    Double(value.exponent) + value.significand - 1
  }
}

/// A graph in one row.
package enum Sparkline {
  /// The last samples that fit, one a cell, the newest at the right. The highest of them fills its cell, 0 has the
  /// lowest step; missing samples are blanks at the left.
  package static func cells(
    _ samples: some BidirectionalCollection<Double>, width: Int, role: Role = .graph, glyphs: GlyphSet = .unicode
  ) -> DisplayText {
    let shown = samples.suffix(max(0, width))
    let highest = shown.filter(\.isFinite).max() ?? 0
    var text = DisplayText()
    for _ in shown.count..<max(shown.count, width) { text.append(.blank, role: role) }
    let last = glyphs.graphSteps.count - 1
    for sample in shown {
      let part = highest > 0 && sample.isFinite ? max(0, sample / highest) : 0
      text.append(glyphs.graphSteps[Int((part * Double(last)).rounded())], role: role)
    }
    return text
  }
}
