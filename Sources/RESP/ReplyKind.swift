/// The type of a reply or of one of its elements. RESP2's null bulk string and null array are `null`.
package enum ReplyKind: UInt8, Sendable, Equatable, CaseIterable {
  case simpleString
  case error
  case integer
  case bulkString
  case null
  case array
  case map
  case set
  case double
  case boolean
  case bigNumber
  case verbatim
  case push
  /// An element with a RESP3 attribute, where those are kept: its children are the attribute's pairs, then the element.
  case attributed

  /// The type's name in the RESP specification, for messages.
  package var name: String {
    switch self {
    case .simpleString: "simple string"
    case .error: "error"
    case .integer: "integer"
    case .bulkString: "bulk string"
    case .null: "null"
    case .array: "array"
    case .map: "map"
    case .set: "set"
    case .double: "double"
    case .boolean: "boolean"
    case .bigNumber: "big number"
    case .verbatim: "verbatim string"
    case .push: "push"
    case .attributed: "attributed reply"
    }
  }

  /// Whether replies of this kind have children instead of a payload.
  package var isAggregate: Bool {
    switch self {
    case .array, .map, .set, .push, .attributed: true
    default: false
    }
  }
}
