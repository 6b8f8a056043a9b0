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
  /// Set while the server loads its data: percent.
  package var loadingPercent: Int?
  /// INFO is denied: only `keys` is known.
  package var isInfoDenied: Bool = false

  package init() {}

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
