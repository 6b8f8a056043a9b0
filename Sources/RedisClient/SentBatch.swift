import RESP

#if canImport(Glibc)
  private import Glibc
#endif

/// A batch that was given to a connection, for the log of commands: what was sent, when, and how it ended.
package struct SentBatch: Sendable {
  /// Commands of the same name that ended alike: such that follow one another, or all of a batch of many.
  package struct Run: Sendable {
    /// The first command: at most 12 words, each cut to 64 bytes with `…` behind it. Secrets are `***`.
    package var words: [[UInt8]]
    /// Of a script that carries commands out: these, cut likewise.
    package var carried: [[[UInt8]]]
    package var count: Int
    package var outcome: Outcome
  }

  package enum Outcome: Sendable, Equatable {
    case done
    case error([UInt8])
    /// Not sent, or not answered, because of this.
    case failed(String)
  }

  package var clientName: String
  /// Ms since 1970 when it was sent, by the local clock.
  package var wall: Int64
  package var microseconds: Int
  package var runs: [Run]

  /// A batch under way.
  struct Log: Sendable {
    private let batch: CommandBatch
    private let wall = Self.clock(CLOCK_REALTIME) / 1000
    private let startedAt = Self.clock(CLOCK_MONOTONIC)

    init(_ batch: CommandBatch) { self.batch = batch }

    func report(_ result: Result<Replies, ClientError>, _ options: ConnectionOptions) {
      guard let onSent = options.onSent else { return }
      let microseconds = Int(Self.clock(CLOCK_MONOTONIC) - startedAt)
      let runs = isBulk ? bulkRuns(result) : consecutiveRuns(result)
      onSent(SentBatch(clientName: options.clientName, wall: wall, microseconds: microseconds, runs: runs))
    }

    /// The same few questions about many keys: one by one they would push everything else out of the log, and cost more
    /// than asking them.
    private var isBulk: Bool { batch.count > Self.fewCommands && batch.carried.isEmpty }

    private static let fewCommands = 64

    private func bulkRuns(_ result: Result<Replies, ClientError>) -> [Run] {
      var names: [String] = []
      var runs: [Run] = []
      for position in 0..<batch.count {
        let (name, outcome) = (self.name(at: position), SentBatch.outcome(of: position, result))
        if let known = runs.indices.first(where: { names[$0] == name && runs[$0].outcome == outcome }) {
          runs[known].count += 1
          continue
        }
        names.append(name)
        let words = SentBatch.shown(batch.words(at: position, limit: 13))
        runs.append(Run(words: words, carried: [], count: 1, outcome: outcome))
      }
      return runs
    }

    private func consecutiveRuns(_ result: Result<Replies, ClientError>) -> [Run] {
      var runs: [Run] = []
      var position = 0
      while position < batch.count {
        let (name, outcome) = (self.name(at: position), SentBatch.outcome(of: position, result))
        let carried = batch.carried[position]
        var end = position + 1
        while carried == nil, end < batch.count, batch.carried[end] == nil, self.name(at: end) == name,
          SentBatch.outcome(of: end, result) == outcome
        { end += 1 }
        runs.append(
          Run(
            words: carried == nil ? SentBatch.shown(batch.words(at: position, limit: 13)) : [Array(name.utf8)],
            carried: carried?.map { SentBatch.shown($0.map { $0[...] }) } ?? [], count: end - position,
            outcome: outcome))
        position = end
      }
      return runs
    }

    /// The first word in upper case, with the second where it says what the command is.
    private func name(at position: Int) -> String {
      let name = batch.names[position]
      guard Self.containers.contains(name) else { return name }
      let second = batch.words(at: position, limit: 2).dropFirst().first ?? []
      return name + " " + String(decoding: second, as: UTF8.self).uppercased()
    }

    private static let containers: Set<String> = [
      "ACL", "CLIENT", "CLUSTER", "COMMAND", "CONFIG", "FUNCTION", "LATENCY", "MEMORY", "OBJECT", "SCRIPT",
      "SLOWLOG", "XGROUP", "XINFO",
    ]

    /// Microseconds.
    private static func clock(_ id: clockid_t) -> Int64 {
      var time = timespec()
      unsafe clock_gettime(id, &time)
      return Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1000
    }
  }

  private static func outcome(of position: Int, _ result: Result<Replies, ClientError>) -> Outcome {
    switch result {
    case .success(let replies):
      guard position < replies.count else { return .done }
      let reply = replies[position].element
      return reply.isError ? .error(Array(reply.bytes.prefix(200))) : .done
    case .failure(let error): return .failed("\(error.what): \(error.why)")
    }
  }

  /// The words as they may be shown.
  static func shown(_ words: [ArraySlice<UInt8>]) -> [[UInt8]] {
    let secrets = secretWords(words)
    var shown: [[UInt8]] = []
    for (position, word) in words.prefix(12).enumerated() {
      if secrets.contains(position) {
        shown.append(Array("***".utf8))
      } else {
        shown.append(word.count > 64 ? Array(word.prefix(64)) + Array("…".utf8) : Array(word))
      }
    }
    if words.count > 12 { shown.append(Array("…".utf8)) }
    return shown
  }

  /// Positions of words that are, or may be, secrets: those that redis-cli keeps out of its history (`isSensitiveCommand`).
  private static func secretWords(_ words: [ArraySlice<UInt8>]) -> Range<Int> {
    let text = words.prefix(13).map { String(decoding: $0.prefix(32), as: UTF8.self).uppercased() }
    switch text.first {
    case "AUTH": return 1..<words.count
    case "HELLO", "MIGRATE":
      guard let auth = text.firstIndex(where: { $0 == "AUTH" || $0 == "AUTH2" }) else { return 0..<0 }
      return auth + 1..<words.count
    case "ACL" where text.count > 3: return 3..<words.count
    case "CONFIG" where text.count > 2 && text[1] == "SET": return 3..<max(3, words.count)
    case "SENTINEL" where text.count > 2: return 2..<words.count
    default: return 0..<0
    }
  }
}
