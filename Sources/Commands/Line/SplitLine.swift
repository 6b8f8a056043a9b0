/// A line as redis-cli splits it into the words of a command (`sdssplitargs` in Redis's sds.c).
///
/// Words stand between blanks. Inside `"…"`, `\xHH` is a byte, `\n \r \t \b \a` are controls and any other `\c` is `c`;
/// inside `'…'` only `\'` is special; outside quotes a backslash is itself. A quote may begin in the middle of a word,
/// and has to be followed by a blank or the end.
package struct SplitLine: Sendable, Equatable {
  package struct Word: Sendable, Equatable {
    /// What the server would get.
    package var bytes: [UInt8]
    /// Where the word stands with its quotes: UTF-8 offsets in the line.
    package var range: Range<Int>
    package var isQuoted: Bool

    package init(bytes: [UInt8], range: Range<Int>, isQuoted: Bool) {
      self.bytes = bytes
      self.range = range
      self.isQuoted = isQuoted
    }
  }

  /// Why a line is no command, with the UTF-8 offset of the quote.
  package enum Mistake: Error, Sendable, Equatable {
    /// The quote was opened there and never closed.
    case openQuote(at: Int)
    /// The quote was closed there, and neither a blank nor the end follows.
    case textBehindQuote(at: Int)
  }

  /// The words; with a mistake those before it.
  package private(set) var words: [Word] = []
  /// The word with the mistake, as far as it goes.
  package private(set) var unfinished: Word?
  package private(set) var mistake: Mistake?

  package init(_ line: some StringProtocol) {
    self.init(bytes: Array(line.utf8))
  }

  /// The same for a line that need not be valid UTF-8.
  package init(bytes: [UInt8]) {
    var reader = WordReader(bytes: bytes)
    while reader.skipBlanks() {
      let (word, mistake) = reader.word()
      if let mistake {
        unfinished = word
        self.mistake = mistake
        return
      }
      words.append(word)
    }
  }
}

/// Reads one word after the other.
private struct WordReader {
  let bytes: [UInt8]
  var index = 0

  /// False at the end of the line.
  mutating func skipBlanks() -> Bool {
    while index < bytes.count, LineSign.isBlank(bytes[index]) { index += 1 }
    return index < bytes.count
  }

  mutating func word() -> (SplitLine.Word, SplitLine.Mistake?) {
    let start = index
    var word: [UInt8] = []
    while index < bytes.count, !LineSign.endsWord(bytes[index]) {
      let byte = bytes[index]
      index += 1
      guard byte == LineSign.doubleQuote || byte == LineSign.singleQuote else {
        word.append(byte)
        continue
      }
      let opening = index - 1
      let isClosed = quoted(by: byte, into: &word)
      let read = SplitLine.Word(bytes: word, range: start..<index, isQuoted: true)
      guard isClosed else { return (read, .openQuote(at: opening)) }
      guard index == bytes.count || LineSign.isBlank(bytes[index]) else {
        return (read, .textBehindQuote(at: index - 1))
      }
      return (read, nil)
    }
    return (SplitLine.Word(bytes: word, range: start..<index, isQuoted: false), nil)
  }

  /// False where the line ends before the quote does.
  private mutating func quoted(by quote: UInt8, into word: inout [UInt8]) -> Bool {
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      if byte == quote { return true }
      guard byte == LineSign.backslash, index < bytes.count,
        quote == LineSign.doubleQuote || bytes[index] == LineSign.singleQuote
      else {
        word.append(byte)
        continue
      }
      let escaped = bytes[index]
      index += 1
      if quote == LineSign.singleQuote {
        word.append(escaped)
      } else if escaped == UInt8(ascii: "x"), index + 1 < bytes.count,
        let high = LineSign.hexValue(bytes[index]),
        let low = LineSign.hexValue(bytes[index + 1])
      {
        word.append(high << 4 | low)
        index += 2
      } else {
        word.append(LineSign.control(escaped) ?? escaped)
      }
    }
    return false
  }
}
