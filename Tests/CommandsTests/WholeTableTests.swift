import TestSupport
import Testing

@testable import Commands

@Suite("The built-in table")
struct WholeTableTests {
  static let specs = CommandTable.builtIn.specs.values.sorted { $0.name < $1.name }

  @Test("every line of the file is read, and every command is whole")
  func isRead() {
    let lines = PackageResources.commands_txt.split(separator: LineSign.lineFeed)
    #expect(lines.count > 350)
    #expect(CommandTable.specs(in: PackageResources.commands_txt).count == lines.count)
    #expect(WholeTableTests.specs.count == lines.count)
    for spec in WholeTableTests.specs {
      #expect(!spec.summary.isEmpty && !spec.since.isEmpty && !spec.group.isEmpty)
      if spec.arguments == nil {
        #expect(CommandTable.builtIn.isContainer(spec.name), "\(spec.name)")
      }
    }
  }

  @Test("the syntax of each line is the notation, written again the same")
  func syntaxIsRead() {
    for line in PackageResources.commands_txt.split(separator: LineSign.lineFeed) {
      let fields = String(decoding: line, as: UTF8.self)
        .split(separator: "\t", omittingEmptySubsequences: false)
      let arguments = SyntaxReader.arguments(fields[6])
      #expect(arguments != nil, "\(fields[0])")
      #expect(
        arguments?.map(Notation.text).joined(separator: " ") == String(fields[6]), "\(fields[0])")
    }
  }

  @Test("a command made from its own syntax matches, and nothing that is required is due")
  func commandsMatch() {
    var commands = RandomCommands(seed: 0xAC1D)
    for spec in WholeTableTests.specs {
      guard let arguments = spec.arguments else { continue }
      for _ in 0..<40 {
        let words = commands.make(arguments)
        let match = ArgumentMatch(words.map { Array($0.utf8) }, with: arguments)
        let line = "\(spec.name) \(words.joined(separator: " "))"
        #expect(match.isWhole && match.problem == nil, "\(line)")
        #expect(match.due.minimum == 0, "\(line): \(match.due.map(\.text))")
        // Keys are made so that they are known again.
        let keys = words.filter { $0.hasPrefix("k:") }
        let found = CommandTable.builtIn.keys(
          of: spec.name.utf8Words + words.map { Array($0.utf8) })
        #expect(found == keys.map { Array($0.utf8) }, "\(line)")
      }
    }
  }

  @Test(
    "at every prefix of a command there is a hint, no complaint, and the next word is among what may come"
  )
  func prefixes() {
    var commands = RandomCommands(seed: 0xFACE)
    let table = CommandTable(WholeTableTests.specs)
    for spec in WholeTableTests.specs {
      guard let arguments = spec.arguments else { continue }
      for _ in 0..<6 {
        let words = spec.name.split(separator: " ").map(String.init) + commands.make(arguments)
        let nameWords = spec.nameWords
        for length in 1...words.count {
          if length >= nameWords, length < words.count {
            let match = ArgumentMatch(
              words[nameWords..<length].map { Array($0.utf8) }, with: arguments)
            let next = Array(words[length].utf8)
            let isExpected = match.due.upToRequired.contains {
              $0.begins(withToken: next) || $0.beginsWithValue
            }
            if !isExpected, !match.mayShift {
              Issue.record("\(words.joined(separator: " ")): \(words[length]) is not expected")
            }
          }
          let line = words.prefix(length).map { QuotedWord.text($0.utf8) }.joined(separator: " ")
          for ending in ["", " "] {
            let hint = CommandHint(
              for: SplitLine(line + ending), endsInWord: ending.isEmpty, table: table)
            if let problem = hint.problem { Issue.record("\(line): \(problem)") }
          }
        }
      }
    }
  }

  @Test("words without sense never crash, and a hint of them comes")
  func nonsense() {
    var random = Seeded(state: 0xBAD)
    let lines = RandomLines.make(seed: 0x0DD, count: 1_500)
    let tokens = [
      "numkeys", "3", "-1", "99999999999999999999", "STREAMS", "GET", "LIMIT", "KEYS", "\"\"", "a",
      "*", "ID",
    ]
    for line in lines {
      let spec = WholeTableTests.specs[
        Int.random(in: 0..<WholeTableTests.specs.count, using: &random)]
      let more = (0..<Int.random(in: 0...6, using: &random)).map { _ in
        tokens[Int.random(in: 0..<tokens.count, using: &random)]
      }
      for text in [line, spec.name + " " + more.joined(separator: " "), spec.name + " " + line] {
        let split = SplitLine(text)
        for endsInWord in [true, false] {
          let hint = CommandHint(for: split, endsInWord: endsInWord, table: .builtIn)
          #expect(hint.due.filter { !$0.isNext || !$0.text.isEmpty }.count == hint.due.count)
        }
        let cursor = Int.random(in: -1...text.utf8.count + 1, using: &random)
        let completion = Completion(line: text, cursor: cursor, table: .builtIn)
        #expect(completion.range.upperBound <= text.utf8.count)
        let words = split.words.map(\.bytes)
        #expect(CommandSecrets.places(in: words).allSatisfy { $0 < words.count })
        _ = CommandRisk(words: words)
        _ = ConnectionEffect(words: words)
      }
    }
  }

  @Test("a command of ten thousand words is matched")
  func longCommands() {
    let words = (0..<10_000).map { Array("\($0)".utf8) }
    for name in ["ZADD", "MSET", "DEL", "BLPOP", "HSET"] {
      let spec = CommandTable.builtIn.spec(named: name)
      let match = ArgumentMatch(words, with: spec?.arguments ?? [])
      #expect(match.roles.count == 10_000 - (match.isWhole ? 0 : 1))
    }
    let streams = [Array("XREAD".utf8), Array("STREAMS".utf8)] + words
    #expect(CommandTable.builtIn.keys(of: streams).count == 5_000)
  }
}

/// The notation of the table, written from arguments.
enum Notation {
  static func text(_ argument: Argument) -> String {
    var text =
      switch argument.kind {
      case .token: ""
      case .value(let name, let type):
        name + (type == .string || (type == .key && name == "key") ? "" : ":" + type.rawValue)
      case .oneOf(let alternatives): alternatives.map(bare).joined(separator: " | ")
      case .block(let arguments): arguments.map { Notation.text($0) }.joined(separator: " ")
      }
    let isGroup = if case .value = argument.kind { false } else { argument.kind != .token }
    let needsBraces =
      isGroup && (argument.token != nil || !argument.isOptional || argument.isMultiple)
    if needsBraces { text = "{" + text + "}" }
    if let token = argument.token {
      if argument.isMultiple, !argument.repeatsToken { text += "..." }
      text = text.isEmpty ? token : token + " " + text
      if argument.repeatsToken { text = "{" + text + "}..." }
    } else if argument.isMultiple {
      text += "..."
    }
    return argument.isOptional ? "[" + text + "]" : text
  }

  private static func bare(_ argument: Argument) -> String {
    if case .block(let arguments) = argument.kind, argument.token == nil, !argument.isMultiple,
      !argument.isOptional
    {
      return arguments.map { text($0) }.joined(separator: " ")
    }
    return text(argument)
  }
}

extension String {
  /// The words between blanks, as bytes.
  var utf8Words: [[UInt8]] { split(separator: " ").map { Array($0.utf8) } }
}
