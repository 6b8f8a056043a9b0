/// Gathers what is written, and passes it on in pieces so that it is never all in memory.
struct OutputBuffer {
  /// Bytes that are passed on together.
  private static let piece = 64 << 10

  private let deliver: (([UInt8]) throws(ErrorLine) -> Bool)?
  /// What has not been passed on.
  private(set) var bytes: [UInt8] = []
  /// Whether somebody still reads.
  private(set) var isOpen = true

  /// - Parameter deliver: false once nobody reads any more; nil to keep everything in `bytes`.
  init(deliver: (([UInt8]) throws(ErrorLine) -> Bool)?) {
    self.deliver = deliver
  }

  static var standardOutput: OutputBuffer {
    OutputBuffer { bytes throws(ErrorLine) in try Output.deliver(bytes) }
  }

  mutating func append(_ more: some Sequence<UInt8>) throws(ErrorLine) {
    bytes.append(contentsOf: more)
    if bytes.count >= Self.piece { try flush() }
  }

  mutating func append(_ text: String) throws(ErrorLine) {
    try append(text.utf8)
  }

  /// Passes on what there is.
  mutating func flush() throws(ErrorLine) {
    guard let deliver, !bytes.isEmpty else { return }
    if isOpen { isOpen = try deliver(bytes) }
    bytes.removeAll(keepingCapacity: true)
  }
}
