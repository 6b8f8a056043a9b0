/// Splits a command line the way redis-cli does (`sdssplitargs` in Redis's sds.c).
package enum RedisArguments {
  package enum Mistake: Error, Equatable {
    /// A quote was opened and never closed.
    case openQuote
    /// A closing quote has to be followed by a space or the end.
    case textAfterQuote
  }

  /// The arguments as bytes.
  ///
  /// Inside `"…"`, `\xHH`, `\n`, `\r`, `\t`, `\b` and `\a` stand for bytes and any other `\c` for `c`; inside `'…'`
  /// only `\'` is special; outside quotes a backslash is itself.
  package static func split(_ line: some Sequence<UInt8>) throws(Mistake) -> [[UInt8]] {
    let bytes = Array(line)
    var arguments: [[UInt8]] = []
    var index = 0
    while true {
      while index < bytes.count, isSpace(bytes[index]) { index += 1 }
      guard index < bytes.count else { return arguments }
      arguments.append(try argument(in: bytes, at: &index))
    }
  }

  private static func argument(in bytes: [UInt8], at index: inout Int) throws(Mistake) -> [UInt8] {
    var argument: [UInt8] = []
    while index < bytes.count, !isSpace(bytes[index]) {
      let byte = bytes[index]
      index += 1
      guard byte == doubleQuote || byte == singleQuote else {
        argument.append(byte)
        continue
      }
      try quoted(by: byte, in: bytes, at: &index, into: &argument)
      guard index == bytes.count || isSpace(bytes[index]) else { throw .textAfterQuote }
    }
    return argument
  }

  private static func quoted(
    by quote: UInt8, in bytes: [UInt8], at index: inout Int, into argument: inout [UInt8]
  ) throws(Mistake) {
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == quote { return }
      guard byte == backslash, index < bytes.count, quote == doubleQuote || bytes[index] == singleQuote else {
        argument.append(byte)
        continue
      }
      let escaped = bytes[index]
      index += 1
      if escaped == UInt8(ascii: "x"), index + 1 < bytes.count, let high = hexDigit(bytes[index]),
        let low = hexDigit(bytes[index + 1])
      {
        argument.append(high << 4 | low)
        index += 2
      } else {
        argument.append(quote == doubleQuote ? controls[escaped] ?? escaped : escaped)
      }
    }
    throw .openQuote
  }

  private static let doubleQuote = UInt8(ascii: "\"")
  private static let singleQuote = UInt8(ascii: "'")
  private static let backslash = UInt8(ascii: "\\")
  private static let controls: [UInt8: UInt8] = [
    UInt8(ascii: "n"): 0x0a, UInt8(ascii: "r"): 0x0d, UInt8(ascii: "t"): 0x09, UInt8(ascii: "b"): 0x08,
    UInt8(ascii: "a"): 0x07,
  ]

  /// C's isspace, and the NUL that ends a C string.
  private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) || byte == 0 }

  private static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
