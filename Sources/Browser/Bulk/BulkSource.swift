import Canvas

/// Where the names of many keys come from, as it is told.
package enum BulkSource: Sendable, Equatable {
  case marks
  /// A folder by its whole prefix; `within`: what else the list demands of its keys, in words.
  case folder([UInt8], within: [[UInt8]] = [])
  /// In the caller's words, such as `keys that expire at 12:05:02`.
  case list([UInt8])

  /// In one line. May hold bytes of the server.
  func words(count: Int) -> [UInt8] {
    let keys = "\(Format.count(count)) \(count == 1 ? "key" : "keys")"
    switch self {
    case .marks: return Array("\(Format.count(count)) marked \(count == 1 ? "key" : "keys")".utf8)
    case .folder(let prefix, let within):
      return Array("folder ".utf8) + prefix + [UInt8(ascii: "*")] + Array(within.map { Array(", ".utf8) + $0 }.joined())
        + Array(": \(keys)".utf8)
    case .list(let words): return words + Array(": \(keys)".utf8)
    }
  }
}
