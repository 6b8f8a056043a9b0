/// A command that is written as one text, split into words as Compose 2 splits it: by quotes and backslashes, without a
/// shell. What a shell would do something with ends the words, and what stands behind it is dropped
/// (compose-go uses github.com/mattn/go-shellwords).
struct CommandText {
  private(set) var words: [ShellWord] = []
  /// One of `;&|<>` without quotes: what stands behind it is not a part of the command.
  private(set) var end: Character?

  /// Why a text is no command for Compose.
  enum Flaw: Error {
    case open
    case parenthesis

    var text: String {
      switch self {
      case .open: "a quote or parenthesis that is not closed"
      case .parenthesis: "a '(' without quotes"
      }
    }
  }

  init(_ text: ComposeNode.Text) throws(Flaw) {
    var scan = Scan()
    for byte in text.text.utf8 {
      try scan.take(byte)
      if scan.end != nil { break }
    }
    let parts = text.variables.map { ShellWord.Part(bytes: Array($0.value.utf8), source: $0.source) }
    words = try scan.finished().map { ShellWord($0, parts: parts) }
    end = scan.end
  }

  private struct Scan {
    private var words: [[UInt8]] = []
    private var word: [UInt8]?
    private(set) var end: Character?
    private var isEscaped = false
    private var quote: UInt8?
    // Blanks separate nothing in them, and they stay in the word.
    private var isInBackticks = false
    private var isInSubstitution = false

    private var isFree: Bool { quote == nil && !isInBackticks && !isInSubstitution }

    mutating func take(_ byte: UInt8) throws(Flaw) {
      if isEscaped {
        isEscaped = false
        append(byte)
        return
      }
      switch byte {
      case UInt8(ascii: "\\") where quote != UInt8(ascii: "'"): isEscaped = true
      case 9, 10, 13, 32:
        if isFree { endWord() } else { append(byte) }
      case UInt8(ascii: "'"), UInt8(ascii: "\""):
        if isInSubstitution || quote.map({ $0 != byte }) == true {
          append(byte)
        } else {
          quote = quote == nil ? byte : nil
          word = word ?? []
        }
      case UInt8(ascii: "`"):
        if quote == nil, !isInSubstitution { isInBackticks.toggle() }
        append(byte)
      case UInt8(ascii: "("):
        if quote == nil, !isInBackticks {
          guard !isInSubstitution, word?.last == UInt8(ascii: "$") else { throw .parenthesis }
          isInSubstitution = true
        }
        append(byte)
      case UInt8(ascii: ")"):
        if quote == nil, !isInBackticks { isInSubstitution.toggle() }
        append(byte)
      case UInt8(ascii: ";"), UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: "<"), UInt8(ascii: ">"):
        guard isFree else {
          append(byte)
          return
        }
        end = Character(Unicode.Scalar(byte))
        // `2>` is one: the number of a file.
        if byte == UInt8(ascii: ">"), let first = word?.first, (48...57).contains(first) { word = nil }
      default: append(byte)
      }
    }

    mutating func finished() throws(Flaw) -> [[UInt8]] {
      guard isFree, !isEscaped else { throw .open }
      endWord()
      return words
    }

    private mutating func append(_ byte: UInt8) { word?.append(byte) ?? (word = [byte]) }

    private mutating func endWord() {
      if let word { words.append(word) }
      word = nil
    }
  }
}
