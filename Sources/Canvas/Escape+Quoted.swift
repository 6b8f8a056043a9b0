extension Escape {
  /// The bytes in double quotes, as redis-cli writes a string and takes it again; inside them the same rule, but a
  /// quote, every backslash and the five controls that have a letter are `\"`, `\\`, `\n`, `\r`, `\t`, `\a` and `\b`.
  package static func quoted(_ bytes: some Collection<UInt8>, context: Context = .value) -> String {
    var result = "\""
    var rest = Array(bytes)[...]
    while let end = rest.firstIndex(where: { letter(of: $0) != nil }) {
      result += string(rest[..<end], context: context)
      if let letter = letter(of: rest[end]) { result += "\\" + letter }
      rest = rest[(end + 1)...]
    }
    return result + string(rest, context: context) + "\""
  }

  /// The same as cells, with the letters in the role `.escape`, at most a little more than `limit` of them.
  package static func displayQuoted(
    _ bytes: some Collection<UInt8>, context: Context = .value, limit: Int, role: Role = .text
  ) -> DisplayText {
    var result = DisplayText("\"", role: role)
    var rest = Array(bytes)[...]
    while result.width <= limit, let end = rest.firstIndex(where: { letter(of: $0) != nil }) {
      result += display(rest[..<end], context: context, limit: limit - result.width, role: role)
      if let letter = letter(of: rest[end]) { result += DisplayText("\\" + letter, role: .escape) }
      rest = rest[(end + 1)...]
    }
    guard result.width <= limit else { return result }
    return result + display(rest, context: context, limit: limit - result.width, role: role)
      + DisplayText("\"", role: role)
  }

  private static func letter(of byte: UInt8) -> String? {
    switch byte {
    case UInt8(ascii: "\""): "\""
    case UInt8(ascii: "\\"): "\\"
    case 0x07: "a"
    case 0x08: "b"
    case 0x09: "t"
    case 0x0A: "n"
    case 0x0D: "r"
    default: nil
    }
  }
}
