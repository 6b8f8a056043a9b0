/// Reads the tokens of a JSON text and checks that they stand where they may. No recursion: depth costs a bit, no stack.
struct JSONGrammar {
  /// What may come next.
  private enum Expected {
    case value
    case valueOrClose
    case keyOrClose
    case key
    case colon
    case commaOrClose
    case end
  }

  /// nil: not JSON.
  static func tokens(of bytes: [UInt8]) -> [JSONToken]? {
    var scanner = JSONScanner(bytes: bytes)
    var tokens: [JSONToken] = []
    var objects: [Bool] = []
    var expected = Expected.value
    while let byte = scanner.nextByte() {
      let start = scanner.position
      switch (byte, expected) {
      case (UInt8(ascii: "{"), .value), (UInt8(ascii: "{"), .valueOrClose), (UInt8(ascii: "["), .value),
        (UInt8(ascii: "["), .valueOrClose):
        guard objects.count < JSONText.maximumDepth else { return nil }
        let isObject = byte == UInt8(ascii: "{")
        objects.append(isObject)
        scanner.position += 1
        tokens.append(JSONToken(kind: .open, range: start..<scanner.position))
        expected = isObject ? .keyOrClose : .valueOrClose
        continue
      case (UInt8(ascii: "}"), .keyOrClose), (UInt8(ascii: "}"), .commaOrClose):
        guard objects.popLast() == true else { return nil }
        scanner.position += 1
        tokens.append(JSONToken(kind: .close, range: start..<scanner.position))
      case (UInt8(ascii: "]"), .valueOrClose), (UInt8(ascii: "]"), .commaOrClose):
        guard objects.popLast() == false else { return nil }
        scanner.position += 1
        tokens.append(JSONToken(kind: .close, range: start..<scanner.position))
      case (UInt8(ascii: ","), .commaOrClose):
        scanner.position += 1
        tokens.append(JSONToken(kind: .comma, range: start..<scanner.position))
        expected = objects.last == true ? .key : .value
        continue
      case (UInt8(ascii: ":"), .colon):
        scanner.position += 1
        tokens.append(JSONToken(kind: .colon, range: start..<scanner.position))
        expected = .value
        continue
      case (UInt8(ascii: "\""), .key), (UInt8(ascii: "\""), .keyOrClose):
        guard scanner.skipString() else { return nil }
        tokens.append(JSONToken(kind: .scalar(.key), range: start..<scanner.position))
        expected = .colon
        continue
      case (_, .value), (_, .valueOrClose):
        guard let kind = scanner.skipScalar(byte) else { return nil }
        tokens.append(JSONToken(kind: .scalar(kind), range: start..<scanner.position))
      default:
        return nil
      }
      expected = objects.isEmpty ? .end : .commaOrClose
    }
    return expected == .end ? tokens : nil
  }
}

/// Walks over strings, numbers and literals.
struct JSONScanner {
  let bytes: [UInt8]
  var position = 0

  /// The first byte that is not white space, not consumed; nil at the end.
  mutating func nextByte() -> UInt8? {
    while position < bytes.count {
      switch bytes[position] {
      case 0x20, 0x09, 0x0a, 0x0d: position += 1
      default: return bytes[position]
      }
    }
    return nil
  }

  /// Steps over the scalar that begins with `byte`; nil when there is none.
  mutating func skipScalar(_ byte: UInt8) -> JSONPiece.Kind? {
    switch byte {
    case UInt8(ascii: "\""): skipString() ? .string : nil
    case UInt8(ascii: "t"): skip("true") ? .literal : nil
    case UInt8(ascii: "f"): skip("false") ? .literal : nil
    case UInt8(ascii: "n"): skip("null") ? .literal : nil
    default: skipNumber() ? .number : nil
    }
  }

  mutating func skipString() -> Bool {
    position += 1
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""): return true
      case UInt8(ascii: "\\"): guard skipEscape() else { return false }
      case 0..<0x20: return false
      default: break
      }
    }
    return false
  }

  private mutating func skipEscape() -> Bool {
    guard position < bytes.count else { return false }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "u"):
      guard position + 4 <= bytes.count, bytes[position..<position + 4].allSatisfy(Self.isHexDigit) else {
        return false
      }
      position += 4
      return true
    default:
      return #""\/bfnrt"#.utf8.contains(byte)
    }
  }

  private mutating func skip(_ word: StaticString) -> Bool {
    let letters = Array(word.description.utf8)
    guard bytes[position...].starts(with: letters) else { return false }
    position += letters.count
    return true
  }

  private mutating func skipNumber() -> Bool {
    take { $0 == UInt8(ascii: "-") }
    if !take({ $0 == UInt8(ascii: "0") }) {
      guard skipDigits() else { return false }
    }
    if take({ $0 == UInt8(ascii: ".") }) {
      guard skipDigits() else { return false }
    }
    if take({ $0 == UInt8(ascii: "e") || $0 == UInt8(ascii: "E") }) {
      take { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
      guard skipDigits() else { return false }
    }
    return true
  }

  @discardableResult
  private mutating func take(_ matches: (UInt8) -> Bool) -> Bool {
    guard position < bytes.count, matches(bytes[position]) else { return false }
    position += 1
    return true
  }

  /// At least one digit.
  private mutating func skipDigits() -> Bool {
    let start = position
    while take(Self.isDigit) {}
    return position > start
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    isDigit(byte) || (0x41...0x46).contains(byte) || (0x61...0x66).contains(byte)
  }
}
