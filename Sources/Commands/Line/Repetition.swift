/// How often a command is sent: `5 every 1s INFO`. A number before a command is a count as in redis-cli.
package struct Repetition: Sendable, Equatable {
  /// nil: until it is stopped.
  package var count: Int?
  /// Milliseconds from one to the next; nil: one directly after the other.
  package var every: Int?

  package init(count: Int? = nil, every: Int? = nil) {
    self.count = count
    self.every = every
  }

  /// How often a command may be sent without a pause between.
  package static let mostAtOnce = 10_000
  /// Milliseconds: no shorter interval, so that a console does not load a server.
  package static let shortest = 100
  /// Milliseconds: a day.
  package static let longest = 86_400_000

  /// The word before an interval, in any case.
  static let word = "every"

  /// Takes a count and an interval from before a command; nil and all the words where there is neither.
  package static func take(from words: [[UInt8]]) -> Result<
    (Repetition?, rest: [[UInt8]]), RepetitionMistake
  > {
    let lead = RepetitionLead(words)
    guard lead.words > 0 else { return .success((nil, rest: words)) }
    var repetition = Repetition()
    if lead.hasCount {
      let text = String(decoding: words[0], as: UTF8.self)
      guard let count = Int(text) else {
        return .failure(.init(text: "\(text): the count is too large"))
      }
      guard count > 0 else { return .failure(.init(text: "\(text): a count is 1 or more")) }
      repetition.count = count
    }
    if lead.hasEvery {
      guard lead.words > (lead.hasCount ? 2 : 1) else {
        return .failure(.init(text: "every: an interval is missing, as 500ms, 1s or 2m"))
      }
      let word = words[lead.words - 1]
      let text = QuotedWord.text(word.prefix(40))
      guard let every = interval(word) else {
        return .failure(.init(text: "\(text) is no interval; write it as 500ms, 1s or 2m"))
      }
      guard every >= shortest else {
        return .failure(.init(text: "\(text): an interval is at least 100ms"))
      }
      guard every <= longest else {
        return .failure(.init(text: "\(text): an interval is at most a day"))
      }
      repetition.every = every
    }
    let rest = Array(words.dropFirst(lead.words))
    guard !rest.isEmpty else {
      let before = String(decoding: words[0].prefix(40), as: UTF8.self)
      return .failure(
        .init(
          text: lead.hasEvery ? "every: a command is missing" : "\(before): a command is missing"))
    }
    return .success((repetition, rest: rest))
  }

  /// Milliseconds; what is too large for any use is more than `longest`. A number without a unit is seconds.
  static func interval(_ word: [UInt8]) -> Int? {
    let number = word.prefix { LineSign.isDigit($0) || $0 == UInt8(ascii: ".") }
    let unit: Int
    switch AnyCase.lower(word[number.endIndex...]) {
    case "ms": unit = 1
    case "", "s": unit = 1_000
    case "m": unit = 60_000
    default: return nil
    }
    let parts = number.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard number.contains(where: { LineSign.isDigit($0) }), parts.count <= 2 else { return nil }
    var milliseconds = 0
    for digit in parts[0] {
      milliseconds = min(longest + 1, milliseconds * 10 + Int(digit - UInt8(ascii: "0")))
    }
    milliseconds *= unit
    var place = unit
    // Below a millisecond nothing counts.
    for digit in parts.count > 1 ? parts[1].prefix(6) : [] {
      milliseconds += place * Int(digit - UInt8(ascii: "0")) / 10
      place /= 10
    }
    return milliseconds
  }
}

package struct RepetitionMistake: Error, Sendable, Equatable {
  /// What is wrong or missing, for the screen.
  package var text: String
}

/// The words before a command that say how often it is sent, right or wrong.
struct RepetitionLead {
  /// How many there are.
  private(set) var words = 0
  private(set) var hasCount = false
  private(set) var hasEvery = false
  /// `every` is the last word.
  private(set) var awaitsInterval = false

  init(_ all: [[UInt8]]) {
    if let first = all.first, RepetitionLead.isWhole(first) {
      hasCount = true
      words = 1
    }
    guard words < all.count, AnyCase.equal(all[words], Repetition.word) else { return }
    hasEvery = true
    words += 1
    awaitsInterval = words == all.count
    if !awaitsInterval { words += 1 }
  }

  private static func isWhole(_ word: [UInt8]) -> Bool {
    let digits = word.first.map { "+-".utf8.contains($0) } == true ? word[1...] : word[...]
    return !digits.isEmpty && digits.allSatisfy { LineSign.isDigit($0) }
  }
}
