/// One setting of a Redis-style server, from a file or from its command line.
struct RedisDirective: Equatable {
  /// Lower case, such as `requirepass`.
  var name: String
  var values: [ShellWord]
  /// Where it stands, such as `requirepass in redis.conf`.
  var source: String
}

/// Reads redis.conf: a name and its values in each line, quoted as Redis does (`sdssplitargs` in its sds.c).
enum RedisConfigFile {
  private static let limit = 10_000

  static func directives(_ bytes: [UInt8], file: String) -> [RedisDirective] {
    var bytes = bytes[...]
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes = bytes.dropFirst(3) }
    return bytes.split(separator: 10).prefix(limit).compactMap { line in
      guard let first = line.first(where: { ![9, 11, 12, 13, 32].contains($0) }), first != UInt8(ascii: "#"),
        let words = split(line), let name = words.first
      else { return nil }
      let text = String(decoding: name, as: UTF8.self).lowercased()
      return RedisDirective(
        name: text, values: words.dropFirst().map { ShellWord($0) }, source: "\(text) in \(file)")
    }
  }

  /// Nil where a quote is not closed, or something stands directly behind it: Redis does not start then.
  static func split(_ line: some Collection<UInt8>) -> [[UInt8]]? {
    let bytes = Array(line)
    var words: [[UInt8]] = []
    var index = 0
    let isBlank: (UInt8) -> Bool = { [9, 10, 11, 12, 13, 32, 0].contains($0) }
    while true {
      while index < bytes.count, isBlank(bytes[index]) { index += 1 }
      guard index < bytes.count else { return words }
      var word: [UInt8] = []
      var quote: UInt8?
      while index < bytes.count {
        let byte = bytes[index]
        if let open = quote {
          if byte == UInt8(ascii: "\\"), open == UInt8(ascii: "\""), index + 1 < bytes.count {
            let (meant, length) = escape(bytes[(index + 1)...])
            word.append(meant)
            index += length + 1
            continue
          }
          if byte == UInt8(ascii: "\\"), index + 1 < bytes.count, bytes[index + 1] == open {
            word.append(open)
            index += 2
            continue
          }
          index += 1
          guard byte == open else {
            word.append(byte)
            continue
          }
          quote = nil
          guard index >= bytes.count || isBlank(bytes[index]) else { return nil }
          break
        }
        if isBlank(byte) { break }
        index += 1
        if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") { quote = byte } else { word.append(byte) }
      }
      guard quote == nil else { return nil }
      words.append(word)
    }
  }

  /// What a backslash and the bytes behind it mean in double quotes, and how many of those they are.
  private static func escape(_ bytes: ArraySlice<UInt8>) -> (UInt8, length: Int) {
    let first = bytes[bytes.startIndex]
    if first == UInt8(ascii: "x"), bytes.count >= 3,
      let value = UInt8(String(decoding: bytes.dropFirst().prefix(2), as: UTF8.self), radix: 16)
    {
      return (value, 3)
    }
    switch first {
    case UInt8(ascii: "n"): return (10, 1)
    case UInt8(ascii: "r"): return (13, 1)
    case UInt8(ascii: "t"): return (9, 1)
    case UInt8(ascii: "b"): return (8, 1)
    case UInt8(ascii: "a"): return (7, 1)
    default: return (first, 1)
    }
  }
}

/// Reads the command line of a server: a file first, then `--name value …` for each line that goes over it.
enum RedisArguments {
  static func read(_ words: [ShellWord], _ place: String) -> (file: ShellWord?, directives: [RedisDirective]) {
    var rest = words[...]
    var file: ShellWord?
    if let first = rest.first, !first.bytes.starts(with: Array("-".utf8)) {
      file = first
      rest = rest.dropFirst()
    }
    var directives: [RedisDirective] = []
    for word in rest {
      guard word.bytes.starts(with: Array("--".utf8)), word.bytes.count > 2 else {
        if !directives.isEmpty { directives[directives.count - 1].values.append(word) }
        continue
      }
      // One word may hold the whole line: "--port 6380".
      let pieces = RedisConfigFile.split(word.bytes.dropFirst(2)) ?? []
      guard let name = pieces.first.map({ String(decoding: $0, as: UTF8.self).lowercased() }) else { continue }
      directives.append(
        RedisDirective(
          name: name, values: pieces.dropFirst().map { ShellWord($0, parts: word.parts, unknown: word.unknown) },
          source: "--\(name) in \(place)"))
    }
    return (file, directives)
  }

  /// Dragonfly's own: `--name=value`, `--name value`, one dash or two.
  static func flags(_ words: [ShellWord], _ place: String) -> [RedisDirective] {
    var directives: [RedisDirective] = []
    for word in words {
      guard word.bytes.first == UInt8(ascii: "-") else {
        if let last = directives.indices.last, directives[last].values.isEmpty { directives[last].values = [word] }
        continue
      }
      let body = word.bytes.drop { $0 == UInt8(ascii: "-") }
      let equals = body.firstIndex(of: UInt8(ascii: "="))
      let name = String(decoding: body[..<(equals ?? body.endIndex)], as: UTF8.self).lowercased()
      var values: [ShellWord] = []
      if let equals {
        values = [ShellWord(Array(body[(equals + 1)...]), parts: word.parts, unknown: word.unknown)]
      }
      directives.append(RedisDirective(name: name, values: values, source: "--\(name) in \(place)"))
    }
    return directives
  }
}
