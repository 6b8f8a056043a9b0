import Canvas

/// A value as a document for `$EDITOR`, and back: line feeds and tabs are themselves, all else follows the escape rule.
package enum Document {
  private static let kept: Set<UInt8> = [0x09, 0x0a]

  package static func encode(_ bytes: [UInt8]) -> [UInt8] {
    map(bytes) { Array(Escape.string($0, context: .value).utf8) }
  }

  package static func decode(_ document: [UInt8]) -> [UInt8] { map(document) { Escape.typed(Array($0)) } }

  private static func map(_ bytes: [UInt8], _ change: (ArraySlice<UInt8>) -> [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var start = 0
    for index in bytes.indices where kept.contains(bytes[index]) {
      result += change(bytes[start..<index])
      result.append(bytes[index])
      start = index + 1
    }
    return result + change(bytes[start...])
  }
}
