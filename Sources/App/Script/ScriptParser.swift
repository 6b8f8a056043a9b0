import Canvas

/// Reads a script: one step a line; empty lines and lines that begin with `#` say nothing.
package enum ScriptParser {
  package static func parse(_ text: String) throws(ScriptMistake) -> [ScriptLine] {
    var lines: [ScriptLine] = []
    // A CRLF is one Character in Swift, equal to neither of its halves.
    let raw = text.split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
    for (index, line) in raw.enumerated() {
      let text = String(line.drop { $0 == " " || $0 == "\t" })
      guard !text.isEmpty, text.first != "#" else { continue }
      do throws(Reason) {
        lines.append(ScriptLine(number: index + 1, text: text, step: try step(text)))
      } catch {
        throw ScriptMistake(line: index + 1, text: text, reason: error.text)
      }
    }
    return lines
  }

  /// Milliseconds of `250ms`, `1.5s`, `2m`; nil for anything else.
  static func duration(_ text: some StringProtocol) -> Int64? {
    let units: [(suffix: String, milliseconds: Double)] = [("ms", 1), ("s", 1000), ("m", 60_000)]
    guard let unit = units.first(where: { text.hasSuffix($0.suffix) }) else { return nil }
    let number = text.dropLast(unit.suffix.count)
    guard number.allSatisfy({ $0.isASCII && $0.isNumber || $0 == "." }), let value = Double(String(number)),
      value * unit.milliseconds < 1e12
    else { return nil }
    return Int64(value * unit.milliseconds)
  }

  private struct Reason: Error { let text: String }

  private static func step(_ line: String) throws(Reason) -> ScriptStep {
    let word = line.prefix { $0 != " " && $0 != "\t" }
    // One space separates the word from its text, so that a text may begin with spaces of its own.
    let text = String(line.dropFirst(word.count + 1))
    let trimmed = text.trimmingSpaces
    switch word {
    case "size": return try size(trimmed)
    case "key": return .keys(try keys(trimmed))
    case "type": return .keys(try typed(text))
    case "paste": return .paste(try pasted(text))
    case "wait-idle": return try alone(.waitIdle, trimmed)
    case "wait-for": return try waitFor(trimmed)
    case "expect": return .expect(try regex(trimmed))
    case "expect-not": return .expectNot(try regex(trimmed))
    case "dump": return try alone(.dump, trimmed)
    case "dump-roles": return try alone(.dumpRoles, trimmed)
    case "redis":
      let command = try command(arguments(trimmed)[...])
      return .redis(command.arguments, database: command.database)
    case "expect-redis": return try expectRedis(trimmed)
    case "advance":
      guard let time = duration(trimmed) else { throw Reason(text: "expected a time such as 1.5s") }
      return .advance(time)
    case "quit": return try alone(.quit, trimmed)
    default: throw Reason(text: "no such step: \(word)")
    }
  }

  private static func alone(_ step: ScriptStep, _ text: String) throws(Reason) -> ScriptStep {
    guard text.isEmpty else { throw Reason(text: "nothing may follow this word") }
    return step
  }

  private static func size(_ text: String) throws(Reason) -> ScriptStep {
    let parts = text.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let columns = parts[0], let rows = parts[1], (1...1000).contains(columns),
      (1...1000).contains(rows)
    else { throw Reason(text: "expected COLUMNSxROWS, such as 120x36, each from 1 to 1000") }
    return .size(columns: columns, rows: rows)
  }

  private static func keys(_ text: String) throws(Reason) -> [Key] {
    var keys: [Key] = []
    for name in text.split(whereSeparator: { $0 == " " || $0 == "\t" }) {
      guard let key = Key(tmuxName: String(name)) else { throw Reason(text: "no such key: \(name)") }
      keys.append(key)
    }
    guard !keys.isEmpty else { throw Reason(text: "expected the names of keys, such as: key j Down Enter") }
    return keys
  }

  private static func typed(_ text: String) throws(Reason) -> [Key] {
    guard !text.isEmpty else { throw Reason(text: "expected a text") }
    return text.map { .character($0) }
  }

  /// The text itself or, where it is one argument in double quotes, what redis-cli would read from it.
  private static func pasted(_ text: String) throws(Reason) -> [UInt8] {
    guard text.first == "\"" else { return Array(text.utf8) }
    let arguments = try arguments(text)
    guard arguments.count == 1 else { throw Reason(text: "expected one text in quotes") }
    return arguments[0]
  }

  private static func waitFor(_ text: String) throws(Reason) -> ScriptStep {
    let first = text.prefix { $0 != " " }
    guard let timeout = duration(first) else { return .waitFor(try regex(text), timeout: 10_000) }
    return .waitFor(try regex(String(text.dropFirst(first.count)).trimmingSpaces), timeout: timeout)
  }

  private static func regex(_ text: String) throws(Reason) -> String {
    guard !text.isEmpty else { throw Reason(text: "expected a regular expression") }
    do {
      _ = try ScreenPattern(text)
    } catch {
      throw Reason(text: "not a regular expression: \(error.reason)")
    }
    return text
  }

  private static func arguments(_ text: String) throws(Reason) -> [[UInt8]] {
    do throws(RedisArguments.Mistake) {
      return try RedisArguments.split(text.utf8)
    } catch {
      throw Reason(
        text: error == .openQuote ? "a quote is not closed" : "a closing quote has to be followed by a space")
    }
  }

  /// A command, with `-n DATABASE` before it or without.
  private static func command(_ words: ArraySlice<[UInt8]>) throws(Reason) -> (arguments: [[UInt8]], database: Int?) {
    guard let first = words.first else { throw Reason(text: "expected a command") }
    guard first == Array("-n".utf8) else { return (Array(words), nil) }
    let rest = words.dropFirst()
    guard rest.count > 1, let number = rest.first, let database = Int(String(decoding: number, as: UTF8.self)),
      database >= 0
    else { throw Reason(text: "expected -n DATABASE and a command") }
    return (Array(rest.dropFirst()), database)
  }

  private static func expectRedis(_ text: String) throws(Reason) -> ScriptStep {
    let words = try arguments(text)
    guard let first = words.first else { throw Reason(text: "expected a regular expression and a command") }
    let command = try command(words.dropFirst())
    return .expectRedis(
      try regex(String(decoding: first, as: UTF8.self)), command.arguments, database: command.database)
  }
}

extension String {
  /// Without the spaces and tabs at either end.
  var trimmingSpaces: String {
    let start = drop { $0 == " " || $0 == "\t" }
    guard let end = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
    return String(start[...end])
  }
}
