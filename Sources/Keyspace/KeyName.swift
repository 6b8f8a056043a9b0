import CPlatform

/// A key name: bytes, never a String. The order is bytewise (memcmp), a name comes before its own extensions.
package struct KeyName: Hashable, Comparable, Sendable {
  /// The name exactly as the server has it; may be empty.
  package let bytes: [UInt8]

  package init(_ bytes: some Sequence<UInt8>) {
    self.bytes = Array(bytes)
  }

  /// The UTF-8 bytes of `string`.
  package init(_ string: String) {
    self.bytes = Array(string.utf8)
  }

  package static func < (left: KeyName, right: KeyName) -> Bool {
    left.compare(with: right) < 0
  }

  /// Less than, equal to or greater than 0, as memcmp.
  func compare(with other: KeyName) -> Int {
    unsafe bytes.withUnsafeBufferPointer { left in
      unsafe other.bytes.withUnsafeBufferPointer { right in
        unsafe Int(kg_compare(left.baseAddress, left.count, right.baseAddress, right.count))
      }
    }
  }

  /// Whether the name begins with `prefix` (every name begins with the empty one).
  package func hasPrefix(_ prefix: KeyName) -> Bool {
    bytes.count >= prefix.bytes.count && bytes[..<prefix.bytes.count].elementsEqual(prefix.bytes)
  }
}
