import Canvas
import Terminal

/// One JSON object on one line, fields in the order in which they were added.
struct JSONLine {
  private var text = "{"

  init() {}

  mutating func add(_ name: String, _ value: Int64?) {
    addRaw(name, value.map { String($0) } ?? "null")
  }

  mutating func add(_ name: String, _ value: Int?) {
    add(name, value.map { Int64($0) })
  }

  /// Rounded to microseconds' worth of digits: `1.234`.
  mutating func add(_ name: String, thousandths: Int64) {
    let fraction = String(thousandths % 1000)
    addRaw(name, "\(thousandths / 1000)." + String(repeating: "0", count: 3 - fraction.count) + fraction)
  }

  mutating func add(_ name: String, _ value: String?) {
    addRaw(name, value.map { Self.quoted($0) } ?? "null")
  }

  mutating func add(_ name: String, _ values: [String]) {
    addRaw(name, "[" + values.map { Self.quoted($0) }.joined(separator: ",") + "]")
  }

  mutating func add(_ name: String, _ value: Bool) {
    addRaw(name, value ? "true" : "false")
  }

  mutating func add(_ name: String, _ values: [Int]) {
    addRaw(name, "[" + values.map { String($0) }.joined(separator: ",") + "]")
  }

  mutating func add(_ name: String, _ object: JSONLine) {
    addRaw(name, object.line)
  }

  mutating func add(_ name: String, _ objects: [JSONLine]) {
    addRaw(name, "[" + objects.map(\.line).joined(separator: ",") + "]")
  }

  /// Bytes that a server told: escaped, and where that changed them in Base64 too, as `name_base64`.
  mutating func add(_ name: String, bytes: [UInt8]) {
    let text = Escape.string(bytes)
    add(name, text)
    if !text.utf8.elementsEqual(bytes) { add(name + "_base64", Base64.encode(bytes)) }
  }

  /// The finished object without a line feed.
  var line: String { text + "}" }

  private mutating func addRaw(_ name: String, _ value: String) {
    if text.utf8.count > 1 { text += "," }
    text += Self.quoted(name) + ":" + value
  }

  /// A JSON string (RFC 8259); quotes, backslashes, controls and what is invisible or reorders text are escaped.
  static func quoted(_ string: String) -> String {
    var quoted = "\""
    for scalar in string.unicodeScalars {
      switch scalar {
      case "\"": quoted += "\\\""
      case "\\": quoted += "\\\\"
      case "\n": quoted += "\\n"
      case _ where isHidden(scalar):
        for unit in String(scalar).utf16 {
          let digits = String(unit, radix: 16)
          quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      default: quoted.unicodeScalars.append(scalar)
      }
    }
    return quoted + "\""
  }

  /// What a terminal may obey, or does not show.
  private static func isHidden(_ scalar: Unicode.Scalar) -> Bool {
    if Escape.charset == .ascii, !scalar.isASCII { return true }
    if scalar.isASCII { return scalar.value < 0x20 || scalar.value == 0x7f }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .unassigned: return true
    default: return scalar.properties.isDefaultIgnorableCodePoint
    }
  }
}
