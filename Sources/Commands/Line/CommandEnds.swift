/// Finds where commands end in a text that comes byte by byte: at a line feed outside quotes. Keeps nothing of the text.
package struct CommandEnds: Sendable, Equatable {
  private enum Place: Sendable, Equatable {
    /// Only blanks so far.
    case start
    case comment
    case between
    case word
    case quoted(UInt8)
    /// Behind a backslash in quotes.
    case escape(UInt8)
    /// Behind a closing quote.
    case closed
    /// Text stood behind a closing quote: no command, up to the end of the line.
    case broken
  }

  private var place = Place.start

  package init() {}

  /// Whether there is anything of a command since the last end; not so in a blank line or a comment.
  package var hasCommand: Bool { place != .start && place != .comment }

  /// Whether a quote is open, so that a line feed would belong to the word.
  package var isInsideQuotes: Bool {
    switch place {
    case .quoted, .escape: true
    case .start, .comment, .between, .word, .closed, .broken: false
    }
  }

  /// What a byte ended.
  package enum End: Sendable, Equatable {
    case command
    /// A blank line or a comment.
    case nothing
  }

  /// Takes the next byte; an answer says that it is the line feed that ends a line.
  package mutating func take(_ byte: UInt8) -> End? {
    if byte == LineSign.lineFeed, !isInsideQuotes {
      let end: End = hasCommand ? .command : .nothing
      place = .start
      return end
    }
    place = next(byte)
    return nil
  }

  private func next(_ byte: UInt8) -> Place {
    switch place {
    case .comment, .broken: return place
    case .start:
      if byte == LineSign.comment { return .comment }
      return LineSign.isBlank(byte) ? .start : inWord(byte)
    case .between: return LineSign.isBlank(byte) ? .between : inWord(byte)
    case .word: return LineSign.endsWord(byte) ? .between : inWord(byte)
    case .quoted(let quote):
      if byte == quote { return .closed }
      return byte == LineSign.backslash ? .escape(quote) : place
    case .escape(let quote):
      // In single quotes the backslash counts only before a quote: a second one may still be before one.
      if quote == LineSign.singleQuote, byte == LineSign.backslash { return place }
      return .quoted(quote)
    case .closed: return LineSign.isBlank(byte) ? .between : .broken
    }
  }

  private func inWord(_ byte: UInt8) -> Place {
    byte == LineSign.doubleQuote || byte == LineSign.singleQuote ? .quoted(byte) : .word
  }
}
