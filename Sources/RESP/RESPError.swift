/// Why a byte stream is not RESP, or is more of it than `RESPDecoder.Limits` allows.
///
/// After such an error the position in the stream is lost: the connection must be closed.
package enum RESPError: Error, Sendable, Equatable {
  /// A reply or element begins with a byte that names no type.
  case unknownType(UInt8)
  /// A length or element count is no decimal number, is negative (other than the null `-1`), or does not fit.
  case badLength
  /// A number, boolean, null or verbatim string is not written as its type asks.
  case badScalar(ReplyKind)
  /// A line or a bulk payload does not end with CR LF.
  case badTerminator
  /// Streamed strings and aggregates (`$?`, `*?`) are in the RESP3 draft, but no server sends them.
  case streamed
  /// A push frame inside another reply.
  case nestedPush
  /// A line (simple string, error, number or header) is longer than the limit in bytes.
  case lineTooLong(limit: Int)
  /// A single string is longer than the limit in bytes.
  case bulkTooLong(limit: Int)
  /// One reply has more elements than the limit.
  case tooManyElements(limit: Int)
  /// One reply, without its largest string, has more payload bytes than the limit.
  case replyTooLarge(limit: Int)
  /// Aggregates are nested deeper than the limit.
  case tooDeep(limit: Int)
}

extension RESPError: CustomStringConvertible {
  /// One phrase of printable ASCII: nothing that the peer sent appears in it as it was.
  package var description: String {
    switch self {
    case .unknownType(let byte): "unknown reply type 0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    case .badLength: "a length that is no valid number"
    case .badScalar(let kind): "a malformed \(kind.name)"
    case .badTerminator: "a line or string without its CR LF"
    case .streamed: "a streamed reply, which is not supported"
    case .nestedPush: "a push frame inside a reply"
    case .lineTooLong(let limit): "a line of more than \(limit) bytes"
    case .bulkTooLong(let limit): "a string of more than \(limit) bytes"
    case .tooManyElements(let limit): "a reply of more than \(limit) elements"
    case .replyTooLarge(let limit): "a reply of more than \(limit) bytes"
    case .tooDeep(let limit): "a reply nested deeper than \(limit) levels"
    }
  }
}
