/// Commands that go to the server together, encoded as arrays of bulk strings into one buffer.
package struct CommandBatch: Sendable {
  /// The commands as they go on the wire. They may hold secrets: never for a log.
  package private(set) var bytes: [UInt8] = []
  /// The first word of every command, in upper case: for the log of commands and the trace.
  package private(set) var names: [String] = []
  /// Of a script that carries commands out, by its position: these commands, for the log.
  package private(set) var carried: [Int: [[[UInt8]]]] = [:]
  /// Where each command begins in `bytes`.
  private var starts: [Int] = []

  package init() {}

  /// Number of commands: the server owes as many replies.
  package var count: Int { names.count }
  package var isEmpty: Bool { names.isEmpty }

  /// Adds one command: `batch.add("SCAN", cursor, "COUNT", 1000)`. Without a word nothing is added.
  package mutating func add<each Word: CommandWord>(_ words: repeat each Word) {
    var count = 0
    for _ in repeat each words { count += 1 }
    guard count > 0 else { return }
    begin(count)
    var isName = true
    for word in repeat each words {
      word.withWord { append($0, isName: isName) }
      isName = false
    }
  }

  /// Room for so many more commands and bytes: optional, saves copying.
  package mutating func reserve(commands: Int, bytes count: Int) {
    names.reserveCapacity(names.count + commands)
    starts.reserveCapacity(starts.count + commands)
    bytes.reserveCapacity(bytes.count + count)
  }

  /// Adds a command of one argument, the quick way for batches of many. `name` and `subcommand` are in upper case.
  package mutating func add(_ name: String, _ subcommand: String? = nil, _ argument: Span<UInt8>) {
    begin(subcommand == nil ? 2 : 3)
    appendPlain(name)
    names.append(name)
    if let subcommand { appendPlain(subcommand) }
    append(argument, isName: false)
  }

  private mutating func appendPlain(_ word: String) {
    appendHeader(UInt8(ascii: "$"), word.utf8.count)
    bytes.append(contentsOf: word.utf8)
    appendLineEnd()
  }

  /// Adds one command whose words are known only at run time. Without a word nothing is added.
  package mutating func add(words: [[UInt8]]) {
    guard !words.isEmpty else { return }
    begin(words.count)
    for (position, word) in words.enumerated() {
      append(word.span, isName: position == 0)
    }
  }

  /// Adds a script with its arguments; the log shows the commands that it carries out.
  package mutating func add(script words: [[UInt8]], carrying commands: [[[UInt8]]]) {
    carried[count] = commands
    add(words: words)
  }

  /// Adds one command that begins with `words` and goes on with `rest`, such as the names of a DEL.
  package mutating func add<each Word: CommandWord>(_ words: repeat each Word, rest: some Collection<[UInt8]>) {
    var count = rest.count
    for _ in repeat each words { count += 1 }
    guard count > 0 else { return }
    begin(count)
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

  /// The words of the command at `position`, the first `limit` of them. They may hold secrets.
  package func words(at position: Int, limit: Int = .max) -> [ArraySlice<UInt8>] {
    var index = starts[position]
    var words: [ArraySlice<UInt8>] = []
    let count = number(at: &index)
    while words.count < min(count, limit) {
      let length = number(at: &index)
      words.append(bytes[index..<index + length])
      index += length + 2
    }
    return words
  }

  /// Reads the number of a header and steps behind its line.
  private func number(at index: inout Int) -> Int {
    var number = 0
    index += 1
    while bytes[index] != UInt8(ascii: "\r") {
      number = number * 10 + Int(bytes[index] - UInt8(ascii: "0"))
      index += 1
    }
    index += 2
    return number
  }

  private mutating func begin(_ count: Int) {
    starts.append(bytes.count)
    appendHeader(UInt8(ascii: "*"), count)
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
    } else if number < 100 {
      bytes.append(UInt8(ascii: "0") + UInt8(number / 10))
      bytes.append(UInt8(ascii: "0") + UInt8(number % 10))
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
