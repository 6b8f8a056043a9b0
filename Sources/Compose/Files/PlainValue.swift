/// What a text without quotes is for Compose 2, which reads its files with types: `0123` is the number 83, and a
/// container gets `83` where a text is expected (the core schema of YAML 1.2, with the octal, underscores and dates of
/// 1.1: https://pkg.go.dev/gopkg.in/yaml.v3#readme-compatibility).
enum PlainValue: Equatable {
  case text
  case null
  /// As Compose writes it where a text is expected.
  case number(String)
  case boolean(String)
  /// Where a text is expected, Compose takes none of these.
  case date

  /// For messages.
  var name: String {
    switch self {
    case .text: "a text"
    case .null: "nothing"
    case .number: "a number"
    case .boolean: "a truth value"
    case .date: "a date"
    }
  }

  init(_ text: String) {
    switch text {
    case "~", "null", "Null", "NULL": self = .null
    case "true", "True", "TRUE": self = .boolean("true")
    case "false", "False", "FALSE": self = .boolean("false")
    case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF": self = .number("+Inf")
    case "-.inf", "-.Inf", "-.INF": self = .number("-Inf")
    case ".nan", ".NaN", ".NAN": self = .number("NaN")
    default: self = Self.isDate(text) ? .date : Self.number(text).map { .number($0) } ?? .text
    }
  }

  /// `2026-12-31`, and the same with a time behind it.
  private static func isDate(_ text: String) -> Bool {
    let day = text.prefix { $0.isASCII && ($0.isNumber || $0 == "-") }
    let parts = day.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].utf8.count == 4, let month = Int(parts[1]), let date = Int(parts[2]) else {
      return false
    }
    let rest = text.dropFirst(day.count)
    let hasTime = ["T", "t", " "].contains(rest.first) && rest.split(separator: ":").count == 3
    return (1...12).contains(month) && (1...31).contains(date) && (rest.isEmpty || hasTime)
  }

  private static func number(_ text: String) -> String? {
    guard let first = text.utf8.first, text.utf8.count <= 400 else { return nil }
    let isSigned = first == UInt8(ascii: "-") || first == UInt8(ascii: "+")
    guard isSigned || first == UInt8(ascii: ".") || (48...57).contains(first) else { return nil }
    let plain = first == UInt8(ascii: ".") ? text : text.filter { $0 != "_" }
    return integer(plain) ?? float(plain)
  }

  private static func integer(_ text: String) -> String? {
    let isNegative = text.hasPrefix("-")
    let digits = isNegative || text.hasPrefix("+") ? text.dropFirst() : text[...]
    let magnitude: UInt64?
    switch digits.prefix(2).lowercased() {
    case "0x": magnitude = unsigned(digits.dropFirst(2), radix: 16)
    case "0o": magnitude = unsigned(digits.dropFirst(2), radix: 8)
    case "0b": magnitude = unsigned(digits.dropFirst(2), radix: 2)
    default: magnitude = unsigned(digits, radix: digits.hasPrefix("0") ? 8 : 10)
    }
    guard let magnitude else { return nil }
    if !isNegative { return String(magnitude) }
    if magnitude > UInt64(Int64.max) + 1 { return nil }
    return magnitude == 0 ? "0" : "-\(magnitude)"
  }

  /// Swift's own takes a sign.
  private static func unsigned(_ digits: Substring, radix: Int) -> UInt64? {
    guard let first = digits.first, first != "+", first != "-" else { return nil }
    return UInt64(digits, radix: radix)
  }

  private static func float(_ text: String) -> String? {
    let unsigned = text.hasPrefix("-") || text.hasPrefix("+") ? text.dropFirst() : text[...]
    let mantissa = unsigned.prefix { $0 != "e" && $0 != "E" }
    let parts = mantissa.split(separator: ".", omittingEmptySubsequences: false)
    let isNumber = parts.count <= 2 && parts.contains { !$0.isEmpty } && parts.allSatisfy { isDigits($0) }
    let power = unsigned.dropFirst(mantissa.count + 1)
    let isPower =
      mantissa.count == unsigned.count
      || (power.last?.isNumber == true
        && isDigits(power.hasPrefix("-") || power.hasPrefix("+") ? power.dropFirst() : power))
    // Swift wants a digit on both sides of a point.
    let whole = (parts.first?.isEmpty == false ? "" : "0") + mantissa + (parts.last?.isEmpty == false ? "" : "0")
    guard isNumber, isPower, let value = Double(whole + unsigned.dropFirst(mantissa.count)), value.isFinite else {
      return nil
    }
    return written(text.hasPrefix("-") ? -value : value)
  }

  private static func isDigits(_ text: Substring) -> Bool { text.utf8.allSatisfy { (48...57).contains($0) } }

  /// The shortest digits that mean it, with an exponent below 0.0001 and from a million on
  /// (`strconv.FormatFloat(v, 'g', -1, 64)` of Go).
  private static func written(_ value: Double) -> String {
    let sign = value.sign == .minus ? "-" : ""
    if value == 0 { return sign + "0" }
    // `123.456`, `5e-324` or `1.5e+20`
    let halves = "\(value.magnitude)".split(separator: "e")
    let parts = halves[0].split(separator: ".", omittingEmptySubsequences: false)
    let (whole, fraction) = (String(parts[0]), parts.count == 2 ? String(parts[1]) : "")
    var exponent = (halves.count == 2 ? Int(halves[1]) ?? 0 : 0) + whole.count - 1
    var digits = (whole + fraction)[...]
    while digits.count > 1, digits.first == "0" {
      digits.removeFirst()
      exponent -= 1
    }
    while digits.count > 1, digits.last == "0" { digits.removeLast() }
    if exponent < -4 || exponent >= 6 {
      let tail = digits.dropFirst()
      let power = exponent.magnitude < 10 ? "0\(exponent.magnitude)" : "\(exponent.magnitude)"
      return "\(sign)\(digits.prefix(1))\(tail.isEmpty ? "" : ".\(tail)")e\(exponent < 0 ? "-" : "+")\(power)"
    }
    if exponent < 0 { return sign + "0." + String(repeating: "0", count: -exponent - 1) + digits }
    if digits.count <= exponent + 1 {
      return sign + digits + String(repeating: "0", count: exponent + 1 - digits.count)
    }
    return sign + digits.prefix(exponent + 1) + "." + digits.dropFirst(exponent + 1)
  }
}
