/// One line of a reply as a screen or standard output shows it, still as bytes: what makes text of them decides how they
/// are escaped.
package struct ReplyLine: Sendable, Equatable {
  /// What a part is, for its colour and for whether it is the server's.
  package enum Role: Sendable, Equatable {
    /// Ours: numbers, arrows, types in parentheses, margins. Printable ASCII.
    case sign
    /// A line of text that is meant for eyes, such as one of INFO.
    case text
    case string
    /// The digits of an integer, a double or a big number, as the server wrote them.
    case number
    case null
    case boolean
    case error
    /// A simple string, such as OK.
    case status
    /// What stands in a RESP3 attribute: about the reply, and no part of it.
    case attribute
    /// Text that the server has escaped itself: its backslashes are not doubled.
    case escaped
    /// When a message came: ms since 1970 by the local clock, in digits.
    case time
  }

  /// A run of bytes with one role.
  package struct Part: Sendable, Equatable {
    package var role: Role
    /// As the server sent them, or signs of ours.
    package var bytes: [UInt8]
    /// Whether they stand in double quotes, which are not in `bytes`: a quote, a backslash and a line feed inside are
    /// escaped, so that the text can be typed again.
    package var isQuoted: Bool
    /// Bytes behind these that were left out.
    package var omitted: Int

    package init(_ role: Role, _ bytes: [UInt8], isQuoted: Bool = false, omitted: Int = 0) {
      self.role = role
      self.bytes = bytes
      self.isQuoted = isQuoted
      self.omitted = omitted
    }

    /// Signs of ours.
    package init(sign text: String) {
      self.init(.sign, Array(text.utf8))
    }
  }

  package var parts: [Part]

  package init(parts: [Part]) {
    self.parts = parts
  }
}
