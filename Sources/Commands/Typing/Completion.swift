/// What can be completed at the cursor of a command line.
package struct Completion: Sendable, Equatable {
  /// What may stand at the cursor.
  package enum Subject: Sendable, Equatable {
    case nothing
    case command
    case subcommand(of: String)
    /// Tokens that may come here.
    case option
    /// nil: it is not known whether the command writes.
    case key(isWrite: Bool?)
    case field(ofKey: [UInt8])
    case member(ofKey: [UInt8])
    /// `every`, or the interval behind it.
    case repetitionWord
  }

  package struct Candidate: Sendable, Equatable {
    /// To be put in place of `range`, without a blank behind it.
    package var text: String
    /// The summary of a command, or the argument that a token belongs to.
    package var detail: String

    package init(text: String, detail: String) {
      self.text = text
      self.detail = detail
    }
  }

  /// Of the word under the cursor, UTF-8 offsets; empty, at the cursor, for a new word.
  package private(set) var range: Range<Int>
  /// The word's bytes up to the cursor, without quotes.
  package private(set) var typed: [UInt8] = []
  /// The quote it began with.
  package private(set) var quote: UInt8?
  /// What may stand here; keys, fields and members are for the caller to look up.
  package private(set) var subjects: [Subject] = [.nothing]
  /// Commands, subcommands and tokens that begin with what was typed, in any case.
  package private(set) var candidates: [Candidate] = []

  /// - Parameter cursor: UTF-8 offset in the line.
  package init(line: String, cursor: Int, table: CommandTable) {
    let bytes = Array(line.utf8)
    let cursor = min(max(0, cursor), bytes.count)
    range = cursor..<cursor
    let before = SplitLine(bytes: Array(bytes[..<cursor]))
    if case .textBehindQuote = before.mistake { return }
    var words = before.words.map(\.bytes)
    if let word = before.unfinished ?? before.words.last, word.range.upperBound == cursor {
      if before.unfinished == nil { words.removeLast() }
      let whole = SplitLine(bytes: bytes).words.first {
        $0.range.lowerBound == word.range.lowerBound
      }
      range = word.range.lowerBound..<max(cursor, whole?.range.upperBound ?? cursor)
      typed = word.bytes
      let first = bytes[word.range.lowerBound]
      quote = first == LineSign.doubleQuote || first == LineSign.singleQuote ? first : nil
    }
    find(behind: words, table: table)
    if subjects.isEmpty { subjects = [.nothing] }
  }

  private mutating func find(behind words: [[UInt8]], table: CommandTable) {
    let lead = RepetitionLead(words)
    let words = Array(words.dropFirst(lead.words))
    if lead.awaitsInterval {
      subjects = [.repetitionWord]
    } else if words.isEmpty {
      subjects = [.command]
      offer(table.names.map { ($0, table.specs[$0]?.summary ?? "") })
      if lead.hasEvery { return }
      subjects.append(.repetitionWord)
      let word =
        isLowerCase || typed.isEmpty ? Repetition.word : AnyCase.upper(Repetition.word.utf8)
      if AnyCase.begins(word, with: typed) {
        candidates.append(Candidate(text: quoted(word), detail: "at an interval"))
      }
    } else if let (spec, nameWords) = table.match(words) {
      if nameWords == 1, let known = table.subcommands[spec.name] {
        guard words.count == 1 else { return }
        subjects = [.subcommand(of: spec.name)]
        offer(known.map { ($0, table.specs[spec.name + " " + $0]?.summary ?? "") })
      } else {
        findArguments(of: spec, words, nameWords: nameWords)
      }
    }
  }

  private mutating func findArguments(of spec: CommandSpec, _ words: [[UInt8]], nameWords: Int) {
    let isWrite =
      spec.flags.contains("write") ? true : spec.flags.contains("readonly") ? false : nil
    subjects = []
    guard let arguments = spec.arguments else {
      // A place counted from the end holds if this word is the last one but those behind the keys.
      let count = words.count + 1 + (spec.keys.last < 0 ? -1 - spec.keys.last : 0)
      if spec.keys.places(among: count).contains(words.count) {
        subjects = [.key(isWrite: isWrite)]
      }
      return
    }
    let match = ArgumentMatch(words.dropFirst(nameWords), with: arguments)
    let key = match.roles.firstIndex(where: \.isKey).map { words[$0 + nameWords] }
    var tokens: [(String, detail: String)] = []
    for first in match.due.firsts {
      if let token = first.token {
        let text = first.once.text
        if !tokens.contains(where: { $0.0 == token }) {
          tokens.append((token, text == token ? "" : text))
        }
      } else if case .value(let name, let type) = first.kind {
        let subject: Subject? =
          if type == .key { .key(isWrite: isWrite) } else {
            key.flatMap { Completion.part(name, of: $0) }
          }
        if let subject, !subjects.contains(subject) { subjects.append(subject) }
      }
    }
    if !tokens.isEmpty { subjects.append(.option) }
    offer(tokens)
  }

  private static func part(_ name: String, of key: [UInt8]) -> Subject? {
    if name.hasPrefix("field") { return .field(ofKey: key) }
    return name.hasPrefix("member") ? .member(ofKey: key) : nil
  }

  private mutating func offer(_ names: [(String, detail: String)]) {
    let isLowerCase = isLowerCase
    for (name, detail) in names where AnyCase.begins(name, with: typed) {
      let text = isLowerCase ? AnyCase.lower(name.utf8) : AnyCase.upper(name.utf8)
      candidates.append(Candidate(text: quoted(text), detail: detail))
    }
  }

  /// Whether the first letter that was typed is a small one.
  private var isLowerCase: Bool {
    guard let letter = typed.first(where: { AnyCase.upper($0) != AnyCase.lower($0) }) else {
      return false
    }
    return AnyCase.lower(letter) == letter
  }

  private func quoted(_ word: String) -> String {
    guard let quote, word != Argument.emptyToken else { return word }
    return QuotedWord.text(word.utf8, openWith: quote)
  }
}
