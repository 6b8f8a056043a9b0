/// A coloured piece of a line of pretty JSON.
package struct JSONPiece: Sendable, Equatable {
  package enum Kind: Sendable, Equatable {
    /// The name of a member, with its quotes.
    case key
    case string
    case number
    /// `true`, `false`, `null`.
    case literal
    case punctuation
    /// The spaces before a line.
    case indent
  }

  package let kind: Kind
  package let bytes: [UInt8]

  package init(_ kind: Kind, _ bytes: [UInt8]) {
    self.kind = kind
    self.bytes = bytes
  }
}
