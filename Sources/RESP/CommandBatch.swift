/// Commands that go to the server together, encoded as arrays of bulk strings into one buffer.
package struct CommandBatch: Sendable {
  /// The commands as they go on the wire. They may hold secrets: never for a log.
  package private(set) var bytes: [UInt8] = []
  /// The first word of every command, in upper case: for the log of commands and the trace.
  package private(set) var names: [String] = []

  package init() {}

  /// Number of commands: the server owes as many replies.
  package var count: Int { names.count }
  package var isEmpty: Bool { names.isEmpty }

  /// Adds one command: `batch.add("SCAN", cursor, "COUNT", 1000)`. Without a word nothing is added.
  package mutating func add<each Word: CommandWord>(_ words: repeat each Word) {
    var count = 0
    for _ in repeat each words { count += 1 }
    guard count > 0 else { return }
    appendHeader(UInt8(ascii: "*"), count)
    var isName = true
    for word in repeat each words {
      word.withWord { append($0, isName: isName) }
      isName = false
    }
  }

  /// Adds one command whose words are known only at run time. Without a word nothing is added.
  package mutating func add(words: [[UInt8]]) {
    guard !words.isEmpty else { return }
    appendHeader(UInt8(ascii: "*"), words.count)
    for (position, word) in words.enumerated() {
      append(word.span, isName: position == 0)
    }
  }

  /// Adds one command that begins with `words` and goes on with `rest`, such as the names of a DEL.
  package mutating func add<each Word: CommandWord>(_ words: repeat each Word, rest: some Collection<[UInt8]>) {
    var count = rest.count
    for _ in repeat each words { count += 1 }
    guard count > 0 else { return }
    appendHeader(UInt8(ascii: "*"), count)
    var isName = true
    for word in repeat each words {
      word.withWord { append($0, isName: isName) }
      isName = false
    }
    for word in rest {
      append(word.span, isName: isName)
      isName = false
    }
  }

  private mutating func append(_ word: Span<UInt8>, isName: Bool) {
    appendHeader(UInt8(ascii: "$"), word.count)
    let start = bytes.count
    unsafe word.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
    if isName { names.append(String(decoding: bytes[start...], as: UTF8.self).uppercased()) }
    appendLineEnd()
  }

  private mutating func appendHeader(_ type: UInt8, _ number: Int) {
    bytes.append(type)
    if number < 10 {
      bytes.append(UInt8(ascii: "0") + UInt8(number))
    } else {
      bytes.append(contentsOf: String(number).utf8)
    }
    appendLineEnd()
  }

  private mutating func appendLineEnd() {
    bytes.append(UInt8(ascii: "\r"))
    bytes.append(UInt8(ascii: "\n"))
  }
}
