/// A word of a command: what `CommandBatch.add` accepts, in any mixture.
package protocol CommandWord {
  /// Calls `body` once with the word's bytes.
  func withWord(_ body: (Span<UInt8>) -> Void)
}

extension String: CommandWord {
  package func withWord(_ body: (Span<UInt8>) -> Void) { body(utf8.span) }
}

extension Array: CommandWord where Element == UInt8 {
  package func withWord(_ body: (Span<UInt8>) -> Void) { body(span) }
}

extension ArraySlice: CommandWord where Element == UInt8 {
  package func withWord(_ body: (Span<UInt8>) -> Void) { body(span) }
}

extension Int: CommandWord {
  package func withWord(_ body: (Span<UInt8>) -> Void) { String(self).withWord(body) }
}

extension Int64: CommandWord {
  package func withWord(_ body: (Span<UInt8>) -> Void) { String(self).withWord(body) }
}

extension UInt64: CommandWord {
  package func withWord(_ body: (Span<UInt8>) -> Void) { String(self).withWord(body) }
}
