package import Values

/// What the header shows of the server, from INFO (or DBSIZE alone where INFO is denied).
package struct ServerFacts: Sendable, Equatable {
  /// `redis`, `valkey`, … as the server calls itself.
  package var product: String = ""
  package var version: String = ""
  package var role: String = ""
  package var runID: String = ""
  /// Keys of the current database, and those of them with a deadline; some may have passed it and not be gone yet.
  package var keys: Int?
  package var volatileKeys: Int?
  /// How many of the keys with a deadline have passed it and are not gone yet, in percent, as the server estimates
  /// (`expired_stale_perc`).
  package var stalePercent: Double?
  package var operationsPerSecond: Int?
  package var usedMemory: Int?
  /// 0: no limit.
  package var maxMemory: Int?
  package var keyspaceHits: Int?
  package var keyspaceMisses: Int?
  package var expiredKeys: Int?
  package var evictedKeys: Int?
  package var clients: Int?
  /// Commands that Keyglass has sent so far itself, on all its connections to this server.
  package var ownCommands: Int?
  /// Set while the server loads its data: percent.
  package var loadingPercent: Int?
  /// How much longer that takes, as the server estimates.
  package var loadingSecondsLeft: Int?
  /// Set where the server is a replica.
  package var primary: Primary?
  /// Replicas that are connected.
  package var replicas: Int?
  /// Those of them that lag no more than `min-replicas-max-lag`; nil where the server asks for none.
  package var replicasInStep: Int?
  /// What of the data did not get to the disk when it was tried last, which stops writes (MISCONF).
  package var unsaved: [Unsaved] = []
  /// INFO may not be run, or does not exist: only `keys` is known.
  package var infoDenial: Denial?
  package var isInfoDenied: Bool { infoDenial != nil }
  /// The rest of INFO; nil where it is denied.
  package var details: ServerDetails?

  package init() {}

  /// What a replica copies.
  package struct Primary: Sendable, Equatable {
    /// `host:port`, as the server says it: escape it to show it.
    package var address: String
    package var isLinkUp: Bool
    /// How long it is down; nil where it is up, or never was.
    package var secondsDown: Int?

    package init(address: String, isLinkUp: Bool, secondsDown: Int? = nil) {
      self.address = address
      self.isLinkUp = isLinkUp
      self.secondsDown = secondsDown
    }
  }

  package enum Unsaved: Sendable, Equatable {
    case snapshot
    case appendOnlyFile

    package var words: String {
      switch self {
      case .snapshot: "the last snapshot (RDB) failed"
      case .appendOnlyFile: "the last write to the append-only file failed"
      }
    }
  }

  /// Share of reads that found their key, 0…1.
  package var hitRatio: Double? {
    guard let hits = keyspaceHits, let misses = keyspaceMisses, hits >= 0, misses >= 0 else { return nil }
    let reads = Double(hits) + Double(misses)
    return reads > 0 ? Double(hits) / reads : nil
  }
}

/// One database, as INFO keyspace says.
package struct DatabaseFacts: Sendable, Equatable {
  package var number: Int
  package var keys: Int
  /// Keys with a deadline; nil when only DBSIZE was allowed.
  package var volatileKeys: Int?
  /// Milliseconds; nil when the server does not say.
  package var averageTTL: Int?

  package init(number: Int, keys: Int, volatileKeys: Int?, averageTTL: Int?) {
    self.number = number
    self.keys = keys
    self.volatileKeys = volatileKeys
    self.averageTTL = averageTTL
  }
}
