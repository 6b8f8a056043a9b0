/// The first word of an error reply, where it tells of the server rather than of the command: the one table of what
/// such a word means and what can be done about it.
///
/// Only that word is a contract; the text behind it differs between servers and versions, and is shown where the table
/// has nothing better. The words are those of Redis 6.2 to 8 and of Valkey (`createSharedObjects` in server.c).
package enum ServerCode: String, Sendable, CaseIterable {
  case loading = "LOADING"
  case busy = "BUSY"
  case unkillable = "UNKILLABLE"
  case outOfMemory = "OOM"
  case isReplica = "READONLY"
  case primaryDown = "MASTERDOWN"
  case cannotPersist = "MISCONF"
  case tooFewReplicas = "NOREPLICAS"
  case noLogin = "NOAUTH"
  case wrongLogin = "WRONGPASS"
  case clusterDown = "CLUSTERDOWN"
  case moved = "MOVED"
  case ask = "ASK"
  case tryAgain = "TRYAGAIN"
  case crossSlot = "CROSSSLOT"

  /// What somebody was about when the server said it.
  package enum Use: Sendable {
    case reading
    case writing
  }

  /// - Parameter text: an error reply without its mark; a script before Redis 7.0 hands it on with that.
  package init?(errorText text: some Collection<UInt8>) {
    let word = text.drop { $0 == UInt8(ascii: "-") }.prefix { $0 != UInt8(ascii: " ") }
    guard word.count <= 16 else { return nil }
    self.init(rawValue: String(decoding: word, as: UTF8.self))
  }

  /// What is the matter, without a full stop. Printable ASCII, as all words of this table.
  package var why: String {
    switch self {
    case .loading: "the server is loading its data"
    case .busy: "the server is busy with a script"
    case .unkillable: "the script has written already, so that the server does not end it half-way"
    case .outOfMemory: "the server is out of memory (maxmemory)"
    case .isReplica: "this server is a replica and takes no writes"
    case .primaryDown: "the replica has lost its primary and serves no stale data"
    case .cannotPersist: "the server cannot save to disk and takes no writes"
    case .tooFewReplicas: "too few replicas are connected (min-replicas-to-write)"
    case .noLogin, .wrongLogin: "the server wants a password"
    case .clusterDown: "the cluster is down"
    case .moved, .ask, .tryAgain: "the key belongs to another node of the cluster"
    case .crossSlot: "the keys belong to different slots of the cluster"
    }
  }

  /// What can be done, without a full stop.
  package func nextStep(_ use: Use) -> String {
    switch (self, use) {
    case (.loading, .reading): "It answers when that is done"
    case (.loading, .writing): "Try again when it is done"
    case (.busy, .reading): "It answers when the script ends; SCRIPT KILL ends one that has written nothing"
    case (.busy, .writing):
      "Try again when it has ended; SCRIPT KILL in the console (:) ends one that has written nothing"
    case (.unkillable, _): "Wait until it ends; SHUTDOWN NOSAVE would lose all that is not saved to disk"
    case (.outOfMemory, _): "Delete keys, or raise maxmemory on the server"
    case (.isReplica, _): "Connect to its primary to write"
    case (.primaryDown, _): "Connect to the primary, or wait until the replica has it again"
    case (.cannotPersist, _): "See its log; the disk may be full"
    case (.tooFewReplicas, _): "Try again when they are back"
    case (.noLogin, _), (.wrongLogin, _): "Connect again with one"
    case (.clusterDown, .reading): "It answers when its slots are covered again"
    case (.clusterDown, .writing): "Try again when its slots are covered"
    case (.moved, .reading), (.ask, .reading), (.tryAgain, .reading): "Connect to that node to see it"
    case (.moved, .writing), (.ask, .writing), (.tryAgain, .writing): "Connect to that node"
    case (.crossSlot, .reading): "Only keys of one slot go together"
    case (.crossSlot, .writing): "Choose a name in the same slot"
    }
  }

  /// Whatever else is asked, the answer is the same: nothing of a batch does better.
  package var isAboutAll: Bool {
    switch self {
    case .loading, .busy, .primaryDown, .noLogin, .clusterDown, .moved, .ask: true
    default: false
    }
  }

  /// Nothing can be read until the server is over it; what was read before is old.
  package var holdsUpReading: Bool {
    switch self {
    case .loading, .busy, .primaryDown, .noLogin: true
    default: false
    }
  }

  /// No other write is taken either: trying the rest of many would only be refused as often.
  package var holdsUpWriting: Bool {
    switch self {
    case .loading, .busy, .primaryDown, .noLogin, .outOfMemory, .isReplica, .cannotPersist, .tooFewReplicas: true
    default: false
    }
  }

  // MARK: - What INFO tells besides

  /// INFO has more to say of it (``detail(_:)``).
  package var isToldByInfo: Bool {
    switch self {
    case .loading, .isReplica, .primaryDown, .cannotPersist, .tooFewReplicas: true
    default: false
    }
  }

  /// How far it is, since when, where the primary is; nil where INFO tells nothing of it. It may hold words of the
  /// server: escape it to show it.
  package func detail(_ facts: ServerFacts?) -> String? {
    guard let facts else { return nil }
    switch self {
    case .loading: return facts.loadingWords
    case .isReplica: return facts.primary.map { "its primary is \($0.address)" }
    case .primaryDown: return facts.primary.map(\.words)
    case .cannotPersist: return facts.unsaved.first?.words
    case .tooFewReplicas: return (facts.replicasInStep ?? facts.replicas).map { "\($0) now" }
    default: return nil
    }
  }

  /// After what INFO says now, the server is not over it yet.
  package func lasts(in facts: ServerFacts) -> Bool {
    switch self {
    case .loading: facts.loadingPercent != nil
    case .primaryDown: facts.primary?.isLinkUp == false
    // Where INFO is answered, the rest is over.
    default: false
    }
  }

  /// One line under the server's own words, for somebody who reads these: what INFO tells, and what can be done. nil
  /// where the words say it all.
  package func hint(_ facts: ServerFacts?) -> String? {
    switch self {
    case .busy: return "SCRIPT KILL ends a script that has written nothing, whoever runs it"
    case .loading, .unkillable, .outOfMemory, .isReplica, .primaryDown, .cannotPersist, .tooFewReplicas:
      return [detail(facts), nextStep(.writing)].compactMap(\.self).joined(separator: ". ")
    default: return nil
    }
  }
}

extension ServerFacts {
  /// `43%, about 12 s left`; nil: the server is not loading.
  package var loadingWords: String? {
    guard let loadingPercent else { return nil }
    // While it has no rate yet it says that it is done at once.
    guard let left = loadingSecondsLeft, left > 0 else { return "\(loadingPercent)%" }
    return "\(loadingPercent)%, about \(Self.words(seconds: left)) left"
  }

  /// `42 s`, `3 min`, `2 h`.
  static func words(seconds: Int) -> String {
    if seconds < 120 { return "\(seconds) s" }
    return seconds < 7_200 ? "\(seconds / 60) min" : "\(seconds / 3_600) h"
  }
}

extension ServerFacts.Primary {
  /// `10.0.0.5:6379, gone for 12 s`.
  package var words: String {
    guard !isLinkUp else { return address }
    guard let secondsDown else { return "\(address), not reached" }
    return "\(address), gone for \(ServerFacts.words(seconds: secondsDown))"
  }
}

extension Failure {
  /// The same with what INFO tells of its reason.
  package func explained(by facts: ServerFacts?) -> Failure {
    guard let detail = code?.detail(facts) else { return self }
    var failure = self
    failure.why += Array(" (\(detail))".utf8)
    return failure
  }
}
