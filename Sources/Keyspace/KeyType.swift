/// What a key holds, by the word that TYPE answers.
package enum KeyType: Hashable, Sendable {
  case string
  case list
  case hash
  case set
  case sortedSet
  case stream
  case json
  /// A module's type, with TYPE's own word.
  case other(String)

  /// From the reply of TYPE (Redis `typeNameCanonicalize`); nil for `none`, the word for a key that does not exist.
  package init?(reply: String) {
    switch reply {
    case "none": return nil
    case "string": self = .string
    case "list": self = .list
    case "hash": self = .hash
    case "set": self = .set
    case "zset": self = .sortedSet
    case "stream": self = .stream
    case "ReJSON-RL": self = .json
    default: self = .other(reply)
    }
  }

  /// TYPE's word for it, as SCAN … TYPE takes it.
  package var word: String {
    switch self {
    case .string: "string"
    case .list: "list"
    case .hash: "hash"
    case .set: "set"
    case .sortedSet: "zset"
    case .stream: "stream"
    case .json: "ReJSON-RL"
    case .other(let word): word
    }
  }

  /// 1 to 7 for the types with a view, 8 for any other; 0 is never used and stands for "not known".
  package var code: UInt8 {
    switch self {
    case .string: 1
    case .list: 2
    case .hash: 3
    case .set: 4
    case .sortedSet: 5
    case .stream: 6
    case .json: 7
    case .other: 8
    }
  }
}
