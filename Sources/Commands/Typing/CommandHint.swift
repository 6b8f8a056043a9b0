/// What is still due behind what was typed so far: `key value [NX | XX] …` without the words that are there.
package struct CommandHint: Sendable, Equatable {
  package struct Part: Sendable, Equatable {
    package var text: String
    /// The argument that is typed now, or may come next.
    package var isNext: Bool
    package var isOptional: Bool

    package init(text: String, isNext: Bool, isOptional: Bool) {
      self.text = text
      self.isNext = isNext
      self.isOptional = isOptional
    }
  }

  package private(set) var due: [Part] = []
  /// What the command does.
  package private(set) var summary: String?
  /// What is wrong, only where that is certain: not while the word may still become right.
  package private(set) var problem: String?

  /// - Parameter endsInWord: the last word is still being typed.
  package init(for line: SplitLine, endsInWord: Bool, table: CommandTable) {
    var words = line.words.map(\.bytes)
    if let unfinished = line.unfinished { words.append(unfinished.bytes) }
    let isTyping = (endsInWord || line.unfinished != nil) && !words.isEmpty
    let typed = isTyping ? words.removeLast() : nil
    let lead = RepetitionLead(words)
    if lead.words > 0, !readRepetition(words, lead) { return }
    readCommand(Array(words.dropFirst(lead.words)), typed: typed, table: table)
  }

  /// False where no command follows yet, or none can.
  private mutating func readRepetition(_ words: [[UInt8]], _ lead: RepetitionLead) -> Bool {
    let command = Part(text: "command", isNext: !lead.awaitsInterval, isOptional: false)
    if lead.awaitsInterval {
      due = [Part(text: "interval", isNext: true, isOptional: false), command]
      return false
    }
    // With a word in place of the command, so that its lack is no mistake yet.
    if case .failure(let mistake) = Repetition.take(from: words + [[]]) {
      problem = mistake.text
      return false
    }
    if words.count == lead.words { due = [command] }
    return true
  }

  private mutating func readCommand(_ words: [[UInt8]], typed: [UInt8]?, table: CommandTable) {
    guard !words.isEmpty else {
      // The name may be whole while its last letter is still under the cursor.
      guard let typed else { return }
      if let (spec, _) = table.match([typed]) {
        describe(spec, table: table)
      } else if table.isComplete, !table.hasName(beginningWith: typed) {
        problem = CommandHint.unknown(typed, in: nil, table: table)
      }
      return
    }
    guard let (spec, nameWords) = table.match(words) else {
      problem = CommandHint.unknown(words[0], in: nil, table: table)
      return
    }
    if nameWords == 1, table.isContainer(spec.name) {
      readSubcommand(of: spec, words, typed: typed, table: table)
    } else {
      readArguments(of: spec, Array(words.dropFirst(nameWords)), typed: typed, table: table)
    }
  }

  private mutating func readSubcommand(
    of container: CommandSpec, _ words: [[UInt8]], typed: [UInt8]?, table: CommandTable
  ) {
    if words.count > 1 {
      problem = CommandHint.unknown(words[1], in: container.name, table: table)
    } else if let typed, let (spec, nameWords) = table.match([words[0], typed]), nameWords == 2 {
      describe(spec, table: table)
    } else {
      describe(container, table: table)
      due = due.map { Part(text: $0.text, isNext: true, isOptional: $0.isOptional) }
    }
  }

  /// The whole command, of which nothing but the name is there.
  private mutating func describe(_ spec: CommandSpec, table: CommandTable) {
    summary = spec.summary.isEmpty ? nil : spec.summary
    if table.isContainer(spec.name) {
      let isOptional = spec.arity == -1
      due = [
        Part(
          text: isOptional ? "[subcommand]" : "subcommand", isNext: false, isOptional: isOptional)
      ]
    } else {
      due = (spec.arguments ?? []).map {
        Part(text: $0.text, isNext: false, isOptional: $0.isOptional)
      }
    }
  }

  private mutating func readArguments(
    of spec: CommandSpec, _ words: [[UInt8]], typed: [UInt8]?, table: CommandTable
  ) {
    summary = spec.summary.isEmpty ? nil : spec.summary
    let room = spec.arity - spec.nameWords
    if spec.arity > 0, words.count + (typed == nil ? 0 : 1) > room {
      problem =
        "\(spec.name) takes "
        + (room == 0 ? "no arguments" : room == 1 ? "1 argument" : "\(room) arguments")
      return
    }
    guard let arguments = spec.arguments else { return }
    let match = ArgumentMatch(words, with: arguments)
    due = CommandHint.parts(match.due, typed: typed)
    switch match.problem {
    case .wrongType(_, let name, let type): problem = "\(name) is \(type.description)"
    case .unexpected(let word) where table.certain.contains(spec.name):
      problem = "\(CommandHint.shown(words[word])): \(spec.name) takes no such argument here"
    case .unexpected, nil: break
    }
  }

  private static func parts(_ due: [Argument], typed: [UInt8]?) -> [Part] {
    let next = due.upToRequired
    // Somebody who types an option's first letters means the options that begin so.
    let named = typed.map { typed in
      typed.isEmpty
        ? [] : next.indices.filter { next[$0].firsts.contains { $0.tokenBegins(with: typed) } }
    }
    let meant = Set(named.flatMap { $0.isEmpty ? nil : $0 } ?? Array(next.indices))
    return due.enumerated().map { place, argument in
      Part(text: argument.text, isNext: meant.contains(place), isOptional: argument.isOptional)
    }
  }

  private static func unknown(_ word: [UInt8], in container: String?, table: CommandTable) -> String {
    let text = String(decoding: word, as: UTF8.self)
    let name = container.map { $0 + " " + text } ?? text
    let near = table.suggestion(for: name).map { "; did you mean \($0)?" } ?? ""
    let kind = container == nil ? "command" : "subcommand"
    let shown = (container.map { $0 + " " } ?? "") + shown(word)
    return shown + (table.isComplete ? ": no such \(kind)" : ": unknown \(kind)") + near
  }

  /// A typed word in a message, not all of a long one.
  private static func shown(_ word: [UInt8]) -> String {
    word.count > 40 ? QuotedWord.text(word.prefix(40)) + "…" : QuotedWord.text(word)
  }
}

extension Argument {
  /// Whether somebody who typed this may be about to type the token.
  func tokenBegins(with typed: [UInt8]) -> Bool {
    token.map { AnyCase.begins($0, with: typed) } ?? false
  }
}
