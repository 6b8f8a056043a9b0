/// The signs that Keyglass draws with: Unicode, or ASCII with `--plain` and where the terminal has no UTF-8.
package struct GlyphSet: Equatable, Sendable {
  /// The signs of a frame.
  package struct Border: Equatable, Sendable {
    package let topLeft: Glyph
    package let topRight: Glyph
    package let bottomLeft: Glyph
    package let bottomRight: Glyph
    package let horizontal: Glyph
    package let vertical: Glyph
    /// Where a line across meets the frame.
    package let leftTee: Glyph
    package let rightTee: Glyph
  }

  package let border: Border
  /// A folder that is closed, and one that is open.
  package let closed: Glyph
  package let open: Glyph
  /// First cell of the row under the cursor, second cell of a marked row.
  package let cursor: Glyph
  package let mark: Glyph
  /// A cell that the rights deny.
  package let denied: Glyph
  /// A name that may be taken for another.
  package let lookAlike: Glyph
  /// Something that changed just now; at the end of its row.
  package let changed: Glyph
  /// Something that is new there.
  package let appeared: Glyph
  /// Points at a place above it.
  package let pointer: Glyph
  package let ellipsis: Glyph
  /// Between two facts in one line.
  package let dot: Glyph
  /// Parts of a bar from one step to a full cell.
  package let barSteps: [Glyph]
  package let barEmpty: Glyph
  /// Heights of a graph from the lowest to a full cell.
  package let graphSteps: [Glyph]
  /// The scan meter.
  package let meterFull: Glyph
  package let meterEmpty: Glyph

  package static let unicode = GlyphSet(
    border: Border(
      topLeft: Glyph("╭"), topRight: Glyph("╮"), bottomLeft: Glyph("╰"), bottomRight: Glyph("╯"),
      horizontal: Glyph("─"), vertical: Glyph("│"), leftTee: Glyph("├"), rightTee: Glyph("┤")),
    closed: Glyph("▸"), open: Glyph("▾"), cursor: Glyph("▌"), mark: Glyph("●"), denied: Glyph("✗"),
    lookAlike: Glyph("≈"), changed: Glyph("◂"), appeared: Glyph("+"), pointer: Glyph("▲"),
    ellipsis: Glyph("…"), dot: Glyph("·"), barSteps: "▏▎▍▌▋▊▉█".glyphs,
    barEmpty: Glyph("·"), graphSteps: "▁▂▃▄▅▆▇█".glyphs, meterFull: Glyph("▰"), meterEmpty: Glyph("▱"))

  package static let ascii = GlyphSet(
    border: Border(
      topLeft: Glyph("+"), topRight: Glyph("+"), bottomLeft: Glyph("+"), bottomRight: Glyph("+"),
      horizontal: Glyph("-"), vertical: Glyph("|"), leftTee: Glyph("+"), rightTee: Glyph("+")),
    closed: Glyph(">"), open: Glyph("v"), cursor: Glyph(">"), mark: Glyph("*"), denied: Glyph("x"),
    lookAlike: Glyph("~"), changed: Glyph("<"), appeared: Glyph("+"), pointer: Glyph("^"),
    ellipsis: Glyph("~"), dot: Glyph("."), barSteps: ".:|#".glyphs,
    barEmpty: Glyph("."), graphSteps: ".:|#".glyphs, meterFull: Glyph("#"), meterEmpty: Glyph("."))
}

extension String {
  fileprivate var glyphs: [Glyph] { unicodeScalars.map { Glyph($0) } }
}
