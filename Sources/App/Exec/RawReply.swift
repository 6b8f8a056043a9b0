import RESP

/// A reply as `redis-cli --raw` prints it (measured with redis-cli 7.0): elements one a line, key and value with a blank
/// between, nothing for nil, an empty line behind an error. Attributes, which it cannot print, are left out.
enum RawReply {
  static func write(_ reply: ReplyView, into output: inout OutputBuffer) throws(ErrorLine) {
    switch reply.kind {
    case .array, .set, .push, .map:
      for (position, child) in reply.children.enumerated() {
        if position > 0 { try output.append(reply.kind == .map && position % 2 == 1 ? " " : "\n") }
        try write(child, into: &output)
      }
    case .attributed: try write(reply.element, into: &output)
    case .error:
      try output.append(reply.bytes)
      try output.append("\n")
    case .boolean: try output.append(reply.string == "t" ? "(true)" : "(false)")
    case .null: break
    case .simpleString, .integer, .bulkString, .double, .bigNumber, .verbatim: try output.append(reply.bytes)
    }
  }
}
