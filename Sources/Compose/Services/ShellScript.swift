/// Reads what a shell (`sh -c …`) would run, as far as that can be told without running it: quotes, variables with
/// their defaults, `$(cat FILE)`, and where one command ends and the next begins. Control structures are not followed:
/// what stands in them counts.
struct ShellScript {
  /// What is known of the container that it runs in.
  struct Surroundings {
    var variable: (String) -> ServiceEnvironment.Value?
    /// `$1` and those behind it.
    var arguments: [ShellWord] = []
    /// The bytes of a file in the container and how it is called, or why they are not known.
    var file: (String) -> Result<(bytes: [UInt8], name: String), ContainerFiles.Unknown>
  }

  /// Expansions that may stand in each other.
  private static let depthLimit = 16
  /// Bytes that variables may stand for.
  private static let lengthLimit = 1 << 20

  private let bytes: [UInt8]
  private let surroundings: Surroundings
  private let depth: Int
  private var cursor = 0
  private var length = 0
  /// Braces that are open.
  private var nesting = 0
  private var word: ShellWord?
  /// What comes next is the file of a redirection.
  private var dropsNext = false
  private var words: [ShellWord] = []
  private(set) var commands: [[ShellWord]] = []
  /// Variables that it uses and that have no value.
  private(set) var unset: [String] = []

  init(_ bytes: [UInt8], in surroundings: Surroundings) {
    self.init(bytes, in: surroundings, depth: 0)
    parse(upTo: nil, isQuoted: false)
    endCommand()
  }

  private init(_ bytes: [UInt8], in surroundings: Surroundings, depth: Int) {
    (self.bytes, self.surroundings, self.depth) = (bytes, surroundings, depth)
  }

  private var next: UInt8? { cursor < bytes.count ? bytes[cursor] : nil }

  private mutating func append(_ byte: UInt8) {
    if word == nil { word = ShellWord([]) }
    word?.bytes.append(byte)
  }

  private mutating func begin() { if word == nil { word = ShellWord([]) } }

  private mutating func endWord() {
    if let word {
      if dropsNext { dropsNext = false } else { words.append(word) }
    }
    word = nil
  }

  private mutating func endCommand() {
    endWord()
    dropsNext = false
    if !words.isEmpty { commands.append(words) }
    words = []
  }

  /// Up to the byte, which stays, or the end.
  private mutating func parse(upTo end: UInt8?, isQuoted: Bool) {
    while let byte = next {
      if byte == end { return }
      cursor += 1
      switch byte {
      case UInt8(ascii: "\\"): backslash(isQuoted: isQuoted)
      case UInt8(ascii: "$"): dollar(isQuoted: isQuoted)
      case UInt8(ascii: "`"):
        let start = cursor
        while let byte = next, byte != UInt8(ascii: "`") { cursor += 1 }
        let inner = Array(bytes[start..<cursor])
        cursor += 1
        substitute(inner, isQuoted: isQuoted)
      case UInt8(ascii: "\""):
        begin()
        if !isQuoted {
          parse(upTo: UInt8(ascii: "\""), isQuoted: true)
          cursor += 1
        }
      case _ where isQuoted: append(byte)
      case UInt8(ascii: "'"):
        begin()
        while let byte = next, byte != UInt8(ascii: "'") {
          append(byte)
          cursor += 1
        }
        cursor += 1
      case UInt8(ascii: " "), UInt8(ascii: "\t"), UInt8(ascii: "\r"): endWord()
      case UInt8(ascii: "\n"), UInt8(ascii: ";"), UInt8(ascii: "&"), UInt8(ascii: "|"), UInt8(ascii: "("),
        UInt8(ascii: ")"):
        endCommand()
      case UInt8(ascii: "<"), UInt8(ascii: ">"): redirection()
      case UInt8(ascii: "#") where word == nil:
        while let byte = next, byte != UInt8(ascii: "\n") { cursor += 1 }
      default: append(byte)
      }
    }
  }

  private mutating func backslash(isQuoted: Bool) {
    guard let byte = next else { return append(UInt8(ascii: "\\")) }
    cursor += 1
    if byte == UInt8(ascii: "\n") { return }
    if isQuoted, !Array("$`\"\\".utf8).contains(byte) { append(UInt8(ascii: "\\")) }
    append(byte)
  }

  private mutating func redirection() {
    if let number = word?.bytes, number.allSatisfy({ (48...57).contains($0) }) { word = nil }
    endWord()
    while let byte = next, Array("<>&".utf8).contains(byte) { cursor += 1 }
    dropsNext = true
  }

  private mutating func dollar(isQuoted: Bool) {
    switch next {
    case UInt8(ascii: "("):
      cursor += 1
      substitute(parenthesised(), isQuoted: isQuoted)
    case UInt8(ascii: "{"):
      cursor += 1
      braced(isQuoted: isQuoted)
    case UInt8(ascii: "@"), UInt8(ascii: "*"):
      cursor += 1
      for (index, argument) in surroundings.arguments.enumerated() {
        if index > 0 { endWord() }
        begin()
        insert(argument.bytes, argument.parts, unknown: argument.unknown, isQuoted: true)
      }
    case let byte? where (48...57).contains(byte):
      cursor += 1
      let index = Int(byte) - 49
      guard surroundings.arguments.indices.contains(index) else { return }
      let argument = surroundings.arguments[index]
      insert(argument.bytes, argument.parts, unknown: argument.unknown, isQuoted: isQuoted)
    default:
      let name = self.name()
      if name.isEmpty { append(UInt8(ascii: "$")) } else { insert(variable: name, isQuoted: isQuoted) }
    }
  }

  /// Up to the parenthesis that closes the one before.
  private mutating func parenthesised() -> [UInt8] {
    let start = cursor
    var open = 1
    while let byte = next {
      if byte == UInt8(ascii: "(") { open += 1 }
      if byte == UInt8(ascii: ")") { open -= 1 }
      if open == 0 { break }
      cursor += 1
    }
    let inner = Array(bytes[start..<cursor])
    cursor += 1
    return inner
  }

  private mutating func name() -> String {
    let start = cursor
    while let byte = next,
      byte == UInt8(ascii: "_") || (65...90).contains(byte) || (97...122).contains(byte)
        || (cursor > start && (48...57).contains(byte))
    {
      cursor += 1
    }
    return String(decoding: bytes[start..<cursor], as: UTF8.self)
  }

  private mutating func braced(isQuoted: Bool) {
    let name = self.name()
    guard !name.isEmpty, nesting < Self.depthLimit else { return unknownBraces() }
    nesting += 1
    defer { nesting -= 1 }
    if next == UInt8(ascii: "}") {
      cursor += 1
      return insert(variable: name, isQuoted: isQuoted)
    }
    let takesEmpty = next != UInt8(ascii: ":")
    if !takesEmpty { cursor += 1 }
    guard let form = next, Array("-=+?".utf8).contains(form) else { return unknownBraces() }
    cursor += 1
    let known = surroundings.variable(name).flatMap { takesEmpty || !$0.value.isEmpty ? $0 : nil }
    let usesWord = form == UInt8(ascii: "+") ? known != nil : known == nil && form != UInt8(ascii: "?")
    if usesWord {
      parse(upTo: UInt8(ascii: "}"), isQuoted: isQuoted)
    } else {
      let before = (word, words, commands, dropsNext, unset)
      (word, words, commands, unset) = (nil, [], [], [])
      parse(upTo: UInt8(ascii: "}"), isQuoted: isQuoted)
      (word, words, commands, dropsNext, unset) = before
      if known != nil, form != UInt8(ascii: "+") { insert(variable: name, isQuoted: isQuoted) }
    }
    cursor += 1
  }

  private mutating func unknownBraces() {
    while let byte = next, byte != UInt8(ascii: "}") { cursor += 1 }
    cursor += 1
    begin()
    word?.unknown = "the shell works it out in the container"
  }

  private mutating func insert(variable name: String, isQuoted: Bool) {
    guard length <= Self.lengthLimit else { return }
    guard let value = surroundings.variable(name) else {
      if !unset.contains(name), unset.count < 20 { unset.append(name) }
      if isQuoted { begin() }
      return
    }
    let bytes = Array(value.value.utf8)
    insert(bytes, [.init(bytes: bytes, source: value.source)], unknown: nil, isQuoted: isQuoted)
  }

  private mutating func insert(_ bytes: [UInt8], _ parts: [ShellWord.Part], unknown: String?, isQuoted: Bool) {
    length += bytes.count
    guard length <= Self.lengthLimit else { return }
    if isQuoted || unknown != nil { begin() }
    if let unknown { word?.unknown = unknown }
    for byte in bytes {
      if !isQuoted, [9, 10, 32].contains(byte) {
        endWord()
      } else {
        append(byte)
      }
    }
    if word != nil { word?.parts += parts }
  }

  /// What a command in `$(…)` prints: `cat FILE`, `< FILE` and `echo WORDS` are known.
  private mutating func substitute(_ inner: [UInt8], isQuoted: Bool) {
    let start = inner.drop { [9, 10, 32].contains($0) }
    var commands: [[ShellWord]] = []
    if depth < Self.depthLimit {
      var script = ShellScript(
        start.first == UInt8(ascii: "<") ? Array("cat ".utf8) + start.dropFirst() : inner, in: surroundings,
        depth: depth + 1)
      script.parse(upTo: nil, isQuoted: false)
      script.endCommand()
      commands = script.commands
      for name in script.unset where !unset.contains(name) { unset.append(name) }
    }
    let why = "a command in the container prints it"
    guard commands.count == 1, let program = commands[0].first, !commands[0].contains(where: { $0.unknown != nil })
    else { return insert([], [], unknown: why, isQuoted: isQuoted) }
    switch (ComposePath.name(of: program.string), commands[0].count) {
    case ("cat", 2):
      switch surroundings.file(commands[0][1].string) {
      case .success(let file):
        var content = file.bytes
        while content.last == 10 { content.removeLast() }
        insert(content, [.init(bytes: content, source: file.name)], unknown: nil, isQuoted: isQuoted)
      case .failure(let unknown): insert([], [], unknown: unknown.why, isQuoted: isQuoted)
      }
    case ("echo", _):
      let words = commands[0].dropFirst().filter { $0.string != "-n" }
      insert(
        Array(words.map(\.bytes).joined(separator: [32])), words.flatMap(\.parts), unknown: nil, isQuoted: isQuoted)
    default: insert([], [], unknown: why, isQuoted: isQuoted)
    }
  }
}
