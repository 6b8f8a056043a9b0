import Canvas
import RESP
import Terminal
import Values

/// A reply as JSON (RFC 8259). A string that is no UTF-8 is `{"base64": …}`, a number that JSON has not a string, an
/// error `{"error": …}`. Attributes are left out.
enum JSONReply {
  static func write(_ reply: ReplyView, into output: inout OutputBuffer) throws(ErrorLine) {
    switch reply.kind {
    case .null: try output.append("null")
    case .integer, .bigNumber, .double: try output.append(number(reply))
    case .boolean: try output.append(reply.string == "t" ? "true" : "false")
    case .error: try output.append("{\"error\":" + string(reply.bytes) + "}")
    case .simpleString, .bulkString, .verbatim: try output.append(string(reply.bytes))
    case .attributed: try write(reply.element, into: &output)
    case .array, .set, .push:
      try output.append("[")
      for (position, child) in reply.children.enumerated() {
        if position > 0 { try output.append(",") }
        try write(child, into: &output)
      }
      try output.append("]")
    case .map:
      try output.append("{")
      for (position, pair) in reply.pairs.enumerated() {
        if position > 0 { try output.append(",") }
        try output.append(try key(pair.key) + ":")
        try write(pair.value, into: &output)
      }
      try output.append("}")
    }
  }

  private static func number(_ reply: ReplyView) -> String {
    JSONText.parse(Array(reply.bytes)) != nil ? reply.string : JSONLine.quoted(reply.string)
  }

  private static func string(_ bytes: ArraySlice<UInt8>) -> String {
    String(validating: bytes, as: UTF8.self).map { JSONLine.quoted($0) }
      ?? "{\"base64\":\"\(Base64.encode(Array(bytes)))\"}"
  }

  /// Names are strings in JSON: of an aggregate its JSON text.
  private static func key(_ reply: ReplyView) throws(ErrorLine) -> String {
    let reply = reply.element
    guard reply.kind.isAggregate else {
      return JSONLine.quoted(String(validating: reply.bytes, as: UTF8.self) ?? Escape.string(reply.bytes))
    }
    var buffer = OutputBuffer(deliver: nil)
    try write(reply, into: &buffer)
    return JSONLine.quoted(String(decoding: buffer.bytes, as: UTF8.self))
  }
}
