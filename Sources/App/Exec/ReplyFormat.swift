import Canvas
import RESP
import Terminal

/// How a reply is printed.
package enum ReplyFormat: Sendable, Equatable {
  /// As redis-cli shows it on a terminal: typed, numbered, bytes by the escape rule.
  case human
  /// Byte for byte as `redis-cli --raw` prints it.
  case raw
  case json

  /// The text with its line feed.
  func bytes(of reply: ReplyView, toCommand words: [[UInt8]] = []) -> [UInt8] {
    let isPage = Self.isPage(words) && !reply.kind.isAggregate && !reply.isError
    return switch self {
    case .human where isPage: Array((HumanReply.page(reply.bytes).joined(separator: "\n") + "\n").utf8)
    case .human: Array((HumanReply.lines(of: reply).joined(separator: "\n") + "\n").utf8)
    case .raw: isPage ? Self.raw(reply) : Self.raw(reply) + [0x0A]
    case .json: Array((Self.json(reply) + "\n").utf8)
    }
  }

  /// Commands that answer with lines for eyes, which redis-cli prints as they are.
  private static func isPage(_ words: [[UInt8]]) -> Bool {
    let names = words.prefix(2).map { String(decoding: $0, as: UTF8.self).uppercased() }
    guard let first = names.first else { return false }
    return ["INFO", "LOLWUT"].contains(first) || pages.contains(names.joined(separator: " "))
  }

  private static let pages: Set<String> = [
    "CLIENT LIST", "CLIENT INFO", "CLUSTER NODES", "CLUSTER INFO", "MEMORY DOCTOR", "MEMORY MALLOC-STATS",
    "LATENCY DOCTOR", "LATENCY GRAPH", "DEBUG HTSTATS", "DEBUG HTSTATS-KEY",
  ]

  /// The rules of cliFormatReplyRaw in redis-cli 7: elements one a line, nothing for nil, a line more behind an error.
  private static func raw(_ reply: ReplyView) -> [UInt8] {
    switch reply.kind {
    case .map:
      Array(reply.pairs.map { raw($0.key) + [0x20] + raw($0.value) }.joined(separator: [0x0A]))
    case .array, .set, .push: Array(reply.children.map { raw($0) }.joined(separator: [0x0A]))
    case .error: reply.bytes + [0x0A]
    case .boolean: Array((reply.string == "t" ? "(true)" : "(false)").utf8)
    case .null: []
    default: Array(reply.bytes)
    }
  }

  /// RFC 8259. A string that is no UTF-8 is `{"base64": …}`, a number that JSON has not a string, an error
  /// `{"error": …}`.
  private static func json(_ reply: ReplyView) -> String {
    switch reply.kind {
    case .null: "null"
    case .integer, .bigNumber: reply.string
    case .boolean: reply.string == "t" ? "true" : "false"
    case .double: reply.double?.isFinite == true ? reply.string : JSONLine.quoted(reply.string)
    case .error: "{\"error\":\(string(reply.bytes))}"
    case .map:
      "{" + reply.pairs.map { "\(key($0.key)):\(json($0.value))" }.joined(separator: ",") + "}"
    case .array, .set, .push: "[" + reply.children.map { json($0) }.joined(separator: ",") + "]"
    case .simpleString, .bulkString, .verbatim: string(reply.bytes)
    }
  }

  private static func string(_ bytes: ArraySlice<UInt8>) -> String {
    String(validating: bytes, as: UTF8.self).map { JSONLine.quoted($0) }
      ?? "{\"base64\":\"\(Base64.encode(Array(bytes)))\"}"
  }

  private static func key(_ reply: ReplyView) -> String {
    guard !reply.kind.isAggregate else { return JSONLine.quoted(json(reply)) }
    return JSONLine.quoted(String(validating: reply.bytes, as: UTF8.self) ?? Escape.string(reply.bytes))
  }
}

/// A reply for eyes.
enum HumanReply {
  static func lines(of reply: ReplyView) -> [String] {
    switch reply.kind {
    case .null: return ["(nil)"]
    case .integer: return ["(integer) \(reply.string)"]
    case .double: return ["(double) \(text(reply.bytes))"]
    case .bigNumber: return ["(big number) \(text(reply.bytes))"]
    case .boolean: return [reply.string == "t" ? "(true)" : "(false)"]
    case .error: return ["(error) \(text(reply.bytes))"]
    case .simpleString: return [text(reply.bytes)]
    case .verbatim: return page(reply.bytes)
    case .bulkString: return [quoted(reply.bytes)]
    case .array, .push: return numbered(reply.children.map { lines(of: $0) }, sign: ")", empty: "(empty array)")
    case .set: return numbered(reply.children.map { lines(of: $0) }, sign: "~", empty: "(empty set)")
    case .map: return numbered(reply.pairs.map { pair($0.key, $0.value) }, sign: "#", empty: "(empty hash)")
    }
  }

  /// Lines as they are, without the carriage returns at their ends.
  static func page(_ bytes: ArraySlice<UInt8>) -> [String] {
    bytes.split(separator: 0x0A, omittingEmptySubsequences: false).map { text($0.last == 0x0D ? $0.dropLast() : $0) }
  }

  /// `1) "a"`: the numbers as wide as the last, what is inside indented by them.
  private static func numbered(_ elements: [[String]], sign: String, empty: String) -> [String] {
    guard !elements.isEmpty else { return [empty] }
    let width = "\(elements.count)".count
    return elements.enumerated().flatMap { position, lines in
      let number = "\(position + 1)"
      let head = String(repeating: " ", count: width - number.count) + number + sign + " "
      return indented(lines, by: head)
    }
  }

  private static func pair(_ key: ReplyView, _ value: ReplyView) -> [String] {
    indented(lines(of: value), by: lines(of: key).joined(separator: " ") + " => ")
  }

  private static func indented(_ lines: [String], by head: String) -> [String] {
    let margin = String(repeating: " ", count: TextWidth.cells(head))
    return lines.enumerated().map { ($0.offset == 0 ? head : margin) + $0.element }
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String { Escape.string(bytes, context: .value) }

  /// In quotes as redis-cli writes them, and takes them again.
  private static func quoted(_ bytes: ArraySlice<UInt8>) -> String {
    var result = "\""
    for part in bytes.split(separator: UInt8(ascii: "\\"), omittingEmptySubsequences: false).enumerated() {
      if part.offset > 0 { result += "\\\\" }
      for piece in part.element.split(separator: UInt8(ascii: "\""), omittingEmptySubsequences: false).enumerated() {
        if piece.offset > 0 { result += "\\\"" }
        for (line, rest) in piece.element.split(separator: 0x0A, omittingEmptySubsequences: false).enumerated() {
          if line > 0 { result += "\\n" }
          result += Escape.string(rest, context: .value)
        }
      }
    }
    return result + "\""
  }
}
