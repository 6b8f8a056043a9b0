/// A RESP2 reply, as far as a trusted server of our own needs it.
package indirect enum ServerReply: Sendable, Equatable {
  case simple(String)
  case error(String)
  case integer(Int64)
  case bulk([UInt8]?)
  case array([ServerReply]?)

  /// As redis-cli --raw prints it: bare texts and numbers, one element a line, nil as nothing.
  package var text: String {
    switch self {
    case .simple(let text), .error(let text): text
    case .integer(let number): String(number)
    case .bulk(let bytes): String(decoding: bytes ?? [], as: UTF8.self)
    case .array(let elements): (elements ?? []).map(\.text).joined(separator: "\n")
    }
  }
}
