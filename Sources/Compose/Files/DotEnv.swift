import YAML

/// Reads `.env` and what `env_file` names
/// (https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/#env-file-syntax).
struct DotEnv {
  /// In the order of the file, each name once, with the last value that it has.
  private(set) var variables: [Variable] = []
  private(set) var complaints: [Complaint] = []

  /// Bytes of all values: a few lines could stand for gigabytes.
  private static let lengthLimit = 4 << 20

  private let bytes: [UInt8]
  private let path: String
  private let outer: ComposeVariables
  private let earlier: [String: Variable]
  private let isRaw: Bool
  private var cursor = 0
  private var line = 1
  private var length = 0
  private var indices: [String: Int] = [:]

  /// - Parameters:
  ///   - outer: what variables in it stand for, before those that it has itself.
  ///   - earlier: the same, after those that it has itself.
  ///   - isRaw: values are taken as they stand (`format: raw`).
  init(
    _ bytes: [UInt8], path: String, outer: ComposeVariables, earlier: [String: Variable] = [:], isRaw: Bool = false
  ) {
    (self.bytes, self.path, self.outer, self.earlier, self.isRaw) = (bytes, path, outer, earlier, isRaw)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { cursor = 3 }
    while skipToStatement() { statement() }
  }

  private var next: UInt8? { cursor < bytes.count ? bytes[cursor] : nil }

  private mutating func advance() {
    if next == UInt8(ascii: "\n") { line += 1 }
    cursor += 1
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    [UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"), 0x0B, 0x0C].contains(byte)
  }

  /// Over empty lines and comments; false at the end.
  private mutating func skipToStatement() -> Bool {
    while let byte = next {
      if byte == UInt8(ascii: "#") {
        skipLine()
      } else if byte == UInt8(ascii: "\n") || Self.isBlank(byte) {
        advance()
      } else {
        return true
      }
    }
    return false
  }

  private mutating func skipLine() {
    while let byte = next, byte != UInt8(ascii: "\n") { advance() }
  }

  private mutating func skipBlanks() {
    while let byte = next, Self.isBlank(byte) { advance() }
  }

  private mutating func statement() {
    let start = line
    let export = Array("export".utf8)
    if bytes[cursor...].starts(with: export), cursor + 6 < bytes.count, Self.isBlank(bytes[cursor + 6]) {
      cursor += 6
      skipBlanks()
    }
    let nameStart = cursor
    while let byte = next, byte != UInt8(ascii: "="), byte != UInt8(ascii: ":"), byte != UInt8(ascii: "\n") {
      advance()
    }
    let name = String(decoding: Self.trimmed(bytes[nameStart..<cursor]), as: UTF8.self)
    let isNamed = !name.isEmpty && name.utf8.allSatisfy(Self.isNamePart)
    if isNamed, next == nil || next == UInt8(ascii: "\n") {
      // A name alone passes on what is known of it.
      if let known = outer[name] { set(known) }
      return
    }
    guard isNamed else {
      complain(start, "expected NAME=VALUE; the line is left out")
      skipLine()
      return
    }
    advance()
    skipBlanks()
    guard let (value, isLiteral) = value(start) else { return }
    set(name, value, isLiteral: isLiteral, start)
  }

  private static func isNamePart(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "-"),
      UInt8(ascii: "["), UInt8(ascii: "]"), 0x80...:
      true
    default: false
    }
  }

  /// What stands behind the `=`, and whether variables in it are not replaced; nil where a quote is not closed.
  private mutating func value(_ start: Int) -> (value: [UInt8], isLiteral: Bool)? {
    let valueStart = cursor
    guard !isRaw, let quote = next, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
      skipLine()
      var value = bytes[valueStart..<cursor]
      if !isRaw, let comment = Self.comment(in: value) { value = value[..<comment] }
      return (Array(Self.trimmed(value)), isRaw)
    }
    advance()
    var value: [UInt8] = []
    while let byte = next {
      advance()
      if byte == quote { return (value, quote == UInt8(ascii: "'")) }
      guard byte == UInt8(ascii: "\\"), let escaped = next else {
        value.append(byte)
        continue
      }
      if escaped == quote {
        value.append(quote)
      } else if quote == UInt8(ascii: "\""), let meant = Self.escapes[escaped] {
        value += meant
      } else {
        value += [byte, escaped]
      }
      advance()
    }
    complain(start, "a quote that is not closed; what follows is left out")
    return nil
  }

  private static let escapes: [UInt8: [UInt8]] = [
    UInt8(ascii: "n"): [10], UInt8(ascii: "r"): [13], UInt8(ascii: "t"): [9], UInt8(ascii: "\\"): [UInt8(ascii: "\\")],
    // So that it stays one when variables are replaced.
    UInt8(ascii: "$"): Array("$$".utf8),
  ]

  /// Where a comment starts behind a value without quotes: a `#` after a space, which is no tab. A value may start with
  /// one itself.
  private static func comment(in value: ArraySlice<UInt8>) -> Int? {
    value.indices.dropFirst().first { value[$0] == UInt8(ascii: "#") && value[$0 - 1] == UInt8(ascii: " ") }
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
    var bytes = bytes
    while let last = bytes.last, isBlank(last) { bytes.removeLast() }
    return bytes
  }

  private mutating func set(_ name: String, _ value: [UInt8], isLiteral: Bool, _ start: Int) {
    var text = String(decoding: value, as: UTF8.self)
    if !isLiteral {
      let (outer, variables, indices, earlier) = (outer, variables, indices, earlier)
      let outcome = Interpolation.apply(to: text) { outer[$0] ?? indices[$0].map { variables[$0] } ?? earlier[$0] }
      if let why = outcome.malformed { complain(start, "\(why); the value is taken as it stands") }
      for missing in outcome.required { complain(start, missing.text) }
      for name in outcome.unset { complain(start, "the variable \(name) has no value; it stands for nothing") }
      text = outcome.text.text
    }
    set(Variable(name: name, value: text, origin: .file(ComposePath.name(of: path))))
  }

  private mutating func set(_ variable: Variable) {
    length += variable.value.utf8.count
    guard length <= Self.lengthLimit else { return }
    if let index = indices[variable.name] {
      variables[index] = variable
    } else {
      indices[variable.name] = variables.count
      variables.append(variable)
    }
  }

  private mutating func complain(_ line: Int, _ message: String) {
    guard complaints.count < 20 else { return }
    complaints.append(Complaint(file: path, position: Position(line: line, column: 1), message: message))
  }
}

extension Interpolation.Requirement {
  /// For a message: the file's own words where it has some.
  var text: String {
    "the variable \(name) is required and has no value" + (message.isEmpty ? "" : ": \(shown(message))")
  }
}
