import YAML

/// Puts the values of variables in the place of `$VAR`, `${VAR}` and their forms with a default, an error or a
/// replacement, which may hold variables again; `$$` is a dollar sign, and so is one with nothing of these behind it
/// (https://docs.docker.com/reference/compose-file/interpolation/).
struct Interpolation {
  struct Outcome: Equatable {
    var text: ComposeNode.Text
    /// Without a value and a default: they stand for nothing.
    var unset: [String] = []
    /// `${VAR:?MESSAGE}` without a value.
    var required: [Requirement] = []
    /// Why nothing was replaced, as of a `${` without a `}`.
    var malformed: String?
  }

  struct Requirement: Equatable {
    var name: String
    var message: String
  }

  private struct Malformed: Error {
    var why: String
  }

  /// Braces that may stand in each other.
  private static let depthLimit = 32
  /// Bytes that one text may become: a few lines of variables could stand for gigabytes.
  private static let lengthLimit = 1 << 20

  private let bytes: [UInt8]
  private let find: (String) -> Variable?
  private var cursor = 0
  private var outcome = Outcome(text: .init(text: ""))

  static func apply(to text: String, find: @escaping (String) -> Variable?) -> Outcome {
    guard text.utf8.contains(UInt8(ascii: "$")) else { return Outcome(text: .init(text: text)) }
    var interpolation = Interpolation(bytes: Array(text.utf8), find: find)
    do throws(Malformed) {
      let result = try interpolation.word(until: interpolation.bytes.count, depth: 0, isUsed: true)
      interpolation.outcome.text.text = String(decoding: result, as: UTF8.self)
      return interpolation.outcome
    } catch {
      return Outcome(text: .init(text: text), malformed: error.why)
    }
  }

  private init(bytes: [UInt8], find: @escaping (String) -> Variable?) { (self.bytes, self.find) = (bytes, find) }

  private var next: UInt8? { cursor < bytes.count ? bytes[cursor] : nil }

  private mutating func word(until end: Int, depth: Int, isUsed: Bool) throws(Malformed) -> [UInt8] {
    var result: [UInt8] = []
    while cursor < end {
      let byte = bytes[cursor]
      cursor += 1
      if byte == UInt8(ascii: "$") {
        result += try substitution(until: end, depth: depth, isUsed: isUsed)
      } else {
        result.append(byte)
      }
      guard result.count <= Self.lengthLimit else { throw Malformed(why: "its variables stand for more than 1 MB") }
    }
    return result
  }

  /// What stands behind a `$`.
  private mutating func substitution(until end: Int, depth: Int, isUsed: Bool) throws(Malformed) -> [UInt8] {
    guard cursor < end else { return [UInt8(ascii: "$")] }
    if next == UInt8(ascii: "$") {
      cursor += 1
      return [UInt8(ascii: "$")]
    }
    guard next == UInt8(ascii: "{") else {
      let name = self.name()
      return name.isEmpty ? [UInt8(ascii: "$")] : value(name, isUsed: isUsed)
    }
    guard depth < Self.depthLimit else { throw Malformed(why: "more than \(Self.depthLimit) '${' in each other") }
    let close = closingBrace(until: end)
    cursor += 1
    let name = self.name()
    guard !name.isEmpty else { throw Malformed(why: "a '${' without a name; a dollar sign itself is '$$'") }
    guard let close else { throw Malformed(why: "a '${\(name)' without a '}' behind it") }
    let result = try braced(name, until: close, depth: depth + 1, isUsed: isUsed)
    guard cursor == close else { throw Malformed(why: "a '${\(name)' with no '}', ':-' or the like behind it") }
    cursor += 1
    return result
  }

  /// The `}` that belongs to the `{` at the cursor, as Compose finds it: what stands right behind a `{` does not count,
  /// and the last one is it where not all are closed.
  private func closingBrace(until end: Int) -> Int? {
    var open = 0
    var index = cursor
    while index < end {
      if bytes[index] == UInt8(ascii: "}") {
        open -= 1
        if open == 0 { return index }
      } else if bytes[index] == UInt8(ascii: "{") {
        open += 1
        index += 1
      }
      index += 1
    }
    return bytes[cursor..<end].lastIndex(of: UInt8(ascii: "}"))
  }

  private mutating func braced(
    _ name: String, until close: Int, depth: Int, isUsed: Bool
  ) throws(Malformed) -> [UInt8] {
    let takesEmpty = next != UInt8(ascii: ":")
    if !takesEmpty { cursor += 1 }
    guard let form = next, [UInt8(ascii: "-"), UInt8(ascii: "?"), UInt8(ascii: "+")].contains(form) else {
      guard takesEmpty else { throw Malformed(why: "a '${\(name):' without '-', '?' or '+' behind it") }
      return value(name, isUsed: isUsed)
    }
    cursor += 1
    let known = find(name).flatMap { takesEmpty || !$0.value.isEmpty ? $0 : nil }
    let usesWord = form == UInt8(ascii: "+") ? known != nil : known == nil
    let word = try self.word(until: close, depth: depth, isUsed: isUsed && usesWord)
    switch form {
    case UInt8(ascii: "-"): return known == nil ? word : value(name, isUsed: isUsed)
    case UInt8(ascii: "+"): return known == nil ? [] : word
    default:
      if known == nil, isUsed {
        outcome.required.append(Requirement(name: name, message: String(decoding: word, as: UTF8.self)))
      }
      return known == nil ? [] : value(name, isUsed: isUsed)
    }
  }

  private mutating func name() -> String {
    let start = cursor
    while let byte = next, Self.isName(byte, isFirst: cursor == start) { cursor += 1 }
    return String(decoding: bytes[start..<cursor], as: UTF8.self)
  }

  private static func isName(_ byte: UInt8, isFirst: Bool) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"): !isFirst
    default: false
    }
  }

  private mutating func value(_ name: String, isUsed: Bool) -> [UInt8] {
    guard let known = find(name) else {
      if isUsed, !outcome.unset.contains(name), outcome.unset.count < 20 { outcome.unset.append(name) }
      return []
    }
    guard isUsed else { return [] }
    if outcome.text.variables.count < 20, !outcome.text.variables.contains(known) {
      outcome.text.variables.append(known)
    }
    return Array(known.value.utf8)
  }
}
