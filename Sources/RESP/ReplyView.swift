/// One reply, or one element of a reply: a place in a `Replies` storage, which it keeps alive.
package struct ReplyView: Sendable {
  let storage: Replies.Storage
  let index: Int

  private var node: Replies.Node { storage.nodes[index] }

  package var kind: ReplyKind { node.kind }

  /// The reply without its attributes, if it has any.
  package var element: ReplyView {
    ReplyView(storage: storage, index: Replies.element(of: index, in: storage.nodes))
  }

  /// Bytes of memory of everything that came in the same batch, which this keeps alive.
  package var residentBytes: Int { Replies(storage: storage).residentBytes }
  package var isNull: Bool { node.kind == .null }
  package var isError: Bool { node.kind == .error }

  private var range: Range<Int> {
    let node = node
    return node.kind.isAggregate ? 0..<0 : node.offset..<node.offset + Int(node.length)
  }

  /// The payload: of strings and errors their bytes (a verbatim string without its format prefix), of numbers the
  /// digits as the server wrote them, of a boolean `t` or `f`. Empty for null and for aggregates.
  package var bytes: ArraySlice<UInt8> { storage.arena[range] }

  /// Calls `body` with the payload, without a reference count or a copy.
  package func withBytes<Result>(_ body: (Span<UInt8>) -> Result) -> Result {
    let arena = storage.arena
    return body(arena.span.extracting(range))
  }

  /// The value of an integer, or of a string that is as a whole a decimal number in the range of Int64.
  package var integer: Int64? {
    switch node.kind {
    case .integer, .bulkString, .simpleString, .verbatim, .bigNumber: withBytes { Decimal.int64($0) }
    default: nil
    }
  }

  /// The value of a double or an integer, or of a string that is as a whole a number (`inf`, `-inf`, `nan` included).
  /// Rounded to a Double; `bytes` has it as the server wrote it.
  package var double: Double? {
    switch node.kind {
    case .double, .integer, .bulkString, .simpleString, .verbatim, .bigNumber: Decimal.double(string)
    default: nil
    }
  }

  /// The payload as text, with U+FFFD for invalid UTF-8: for text that is known to be ASCII. Names and values of keys
  /// are bytes; use `bytes` for them.
  package var string: String { String(decoding: bytes, as: UTF8.self) }

  /// Of an error its first word, such as `NOPERM` or `WRONGTYPE`; else nil.
  package var errorCode: String? {
    guard isError else { return nil }
    return String(decoding: bytes.prefix { $0 != UInt8(ascii: " ") }, as: UTF8.self)
  }
}
