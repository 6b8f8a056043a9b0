import Keyspace
import Requests
import Testing
import Values

@testable import Browser

/// The questions that the form for TTLs of many keys asks before it sends anything, answered.
extension Harness {
  /// A folder `s:` of so many keys; the cursor is on it.
  static func folder(_ count: Int, others: [String] = ["other"], phase: ScanProgress.Phase = .done) -> Harness {
    var harness = Harness(setup: Setup(endpointName: "127.0.0.1:6379", previewDelay: nil))
    harness.add((0..<count).map { "s:\(100 + $0)" } + others, phase: phase)
    harness.state.moveCursor(to: .folder(KeyName("s:")))
    harness.forgetEffects()
    return harness
  }

  /// The plan of a folder of so many keys, all with a minute left unless said otherwise.
  static func planned(_ count: Int, _ left: (Int) -> Int64? = { _ in 60_000 }) -> Harness {
    var harness = folder(count)
    harness.type("t")
    harness.giveNames()
    harness.giveFacts(left)
    return harness
  }

  /// Answers the question for names as the index would.
  mutating func giveNames(isComplete: Bool = true) {
    guard case .names(var query, let prefix, let limit)? = requests(.survey).last else {
      Issue.record("no names were asked for")
      return
    }
    query.layout = .flat
    let (names, count) = RowList(index: index, query: query).keys(under: KeyName(prefix), limit: limit)
    answer(.survey, .names(NameList(names: names, count: count, isComplete: isComplete)))
  }

  /// Answers the question what they are: strings with these ms left (nil: no TTL).
  mutating func giveFacts(_ left: (Int) -> Int64?) {
    guard case .survey(let names, beforeDestroying: false)? = requests(.survey).last else {
      Issue.record("it was not asked what they are")
      return
    }
    let facts = names.enumerated().map { index, name in
      KeyFacts(
        name: name, type: .known(.string), deadline: .known(left(index).map { .at(Self.wall + $0) } ?? .persistent))
    }
    answer(.survey, .survey(Survey(facts: facts, clock: Self.clock)))
  }

  /// What was sent last to be written.
  var edits: [Edit] {
    requests(.write).compactMap { if case .write(let job) = $0 { job.edits } else { nil } }.last ?? []
  }
}
