extension RESPDecoder {
  /// What one reply may cost. A length or count beyond its limit is refused when its header arrives; before that,
  /// memory grows only with bytes that have arrived.
  package struct Limits: Sendable, Equatable {
    /// Nested aggregates.
    package var depth: Int
    /// Bytes of one string. 512 MiB is what servers allow (`proto-max-bulk-len`).
    package var bulk: Int
    /// Bytes of a line: header, simple string, error, number.
    package var line: Int
    /// Elements of one reply, at all levels together.
    package var elements: Int
    /// Payload bytes of one reply without its largest string, which `bulk` bounds.
    package var total: Int

    package init(
      depth: Int = 64, bulk: Int = 512 << 20, line: Int = 64 << 10, elements: Int = 2 << 20, total: Int = 64 << 20
    ) {
      self.depth = depth
      // A node keeps its length in 32 bits.
      self.bulk = min(bulk, Int(UInt32.max))
      self.line = min(line, Int(UInt32.max))
      self.elements = min(elements, Int(UInt32.max) - 1)
      self.total = total
    }
  }
}
