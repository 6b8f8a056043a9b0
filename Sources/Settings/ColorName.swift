import Canvas
import YAML

/// The ways to write a colour: `"#e06c50"`, `74`, `red`, `default`, or a name of the palette.
enum ColorName {
  static let expected = "a colour: \"#rrggbb\", 0 to 255, a name such as red, or one of the palette"

  /// A colour that needs no palette.
  static func fixed(_ text: String) -> Color? {
    if text == "default" { return .default }
    if let number = Color.ansiNames.firstIndex(of: text) { return .ansi(UInt8(number)) }
    if text == "gray" || text == "grey" { return .ansi(8) }
    if text.utf8.first == UInt8(ascii: "#") { return hex(text.dropFirst()) }
    guard text.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }), let number = UInt8(text)
    else { return nil }
    return number < 16 ? .ansi(number) : .indexed(number)
  }

  /// What is wrong with the text, and what was meant where it can be guessed.
  static func complaint(_ text: String, palette: some Sequence<String>) -> String {
    let start = "unknown colour '\(shown(text))'"
    if hex(text[...]) != nil, Int(text) == nil { return "\(start); did you mean \"#\(text)\"?" }
    let suggestion = Suggestion.text(for: text, among: Array(palette) + Color.ansiNames + ["default"])
    return "\(start)\(suggestion.isEmpty ? "; expected \(expected)" : suggestion)"
  }

  /// Six hex digits, or three that are doubled.
  private static func hex(_ digits: Substring) -> Color? {
    let values = digits.unicodeScalars.compactMap { scalar -> UInt8? in
      scalar.properties.isASCIIHexDigit ? UInt8(String(scalar), radix: 16) : nil
    }
    guard values.count == digits.unicodeScalars.count else { return nil }
    switch values.count {
    case 3: return .rgb(values[0] * 17, values[1] * 17, values[2] * 17)
    case 6: return .rgb(values[0] * 16 + values[1], values[2] * 16 + values[3], values[4] * 16 + values[5])
    default: return nil
    }
  }
}
