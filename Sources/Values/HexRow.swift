/// Some bytes of a value, as a row of a hex view.
package struct HexRow: Sendable, Equatable {
  /// Bytes of a full row, unless a narrower one is asked for.
  package static let width = 16

  /// Where the row begins in the value.
  package let offset: Int
  /// 1 to `width` bytes.
  package let bytes: [UInt8]
  /// Bytes of a full row; even.
  package let width: Int

  package init(offset: Int, bytes: [UInt8], width: Int = HexRow.width) {
    self.offset = offset
    self.bytes = bytes
    self.width = width
  }

  /// `48 65 6c 6c 6f …`: two lower-case digits a byte, one space between, two in the middle; padded to a full row.
  package var hex: String {
    var text = ""
    for column in 0..<width {
      if column > 0 { text += column == width / 2 ? "  " : " " }
      if column < bytes.count {
        let digits = String(bytes[column], radix: 16)
        text += digits.count == 1 ? "0" + digits : digits
      } else {
        text += "  "
      }
    }
    return text
  }

  /// Printable ASCII as itself, everything else as a dot.
  package var ascii: String {
    String(decoding: bytes.map { (0x20..<0x7f).contains($0) ? $0 : UInt8(ascii: ".") }, as: UTF8.self)
  }
}
