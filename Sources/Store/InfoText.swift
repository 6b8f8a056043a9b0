internal import RESP
package import Requests

/// The reply to INFO: `name:value` lines under `# Section` headings.
package struct InfoText: Sendable {
  private var fields: [String: String] = [:]
  private var databaseFields: [(number: Int, fields: String)] = []

  package init(_ text: String) {
    for line in text.split(whereSeparator: \.isNewline) where line.first != "#" {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let name = line[..<colon]
      let value = String(line[line.index(after: colon)...])
      if name.hasPrefix("db"), let number = Quantity.read(name.dropFirst(2)) {
        databaseFields.append((number, value))
      } else {
        fields[String(name)] = value
      }
    }
  }

  package subscript(name: String) -> String? { fields[name] }

  /// A count or size; nil where the server tells none.
  package func count(_ name: String) -> Int? { fields[name].flatMap { Quantity.read($0) } }

  /// The fields whose names begin so, in the order of their names: what is behind the prefix, and the value.
  func all(_ prefix: String) -> [(name: String, value: String)] {
    fields.filter { $0.key.hasPrefix(prefix) }.map { (String($0.key.dropFirst(prefix.count)), $0.value) }
      .sorted { $0.0 < $1.0 }
  }

  /// The databases that hold keys, as section Keyspace lists them: `db0:keys=7,expires=1,avg_ttl=0`.
  package var databases: [DatabaseFacts] {
    databaseFields.map { number, text in
      var values: [Substring: Int] = [:]
      for part in text.split(separator: ",") {
        let sides = part.split(separator: "=", maxSplits: 1)
        if sides.count == 2 { values[sides[0]] = Quantity.read(sides[1]) }
      }
      let volatile = values["expires"]
      // Redis writes 0 while it has sampled none.
      let average = values["avg_ttl"].flatMap { $0 > 0 && volatile != 0 ? $0 : nil }
      return DatabaseFacts(number: number, keys: values["keys"] ?? 0, volatileKeys: volatile, averageTTL: average)
    }
  }

  /// What the header shows; `database` is the one whose keys are counted.
  package func serverFacts(database: Int) -> ServerFacts {
    var facts = ServerFacts()
    // Valkey calls itself a Redis 7.2.4 in redis_version, for old clients.
    facts.product = self["server_name"] ?? (self["valkey_version"] == nil ? "redis" : "valkey")
    facts.version = self["valkey_version"] ?? self["redis_version"] ?? ""
    facts.role = self["role"] ?? ""
    facts.runID = self["run_id"] ?? ""
    facts.keys = databases.first { $0.number == database }?.keys ?? (fields.isEmpty ? nil : 0)
    facts.volatileKeys = databases.first { $0.number == database }.map(\.volatileKeys) ?? (fields.isEmpty ? nil : 0)
    facts.stalePercent = self["expired_stale_perc"].flatMap { Double($0) }.flatMap { $0.isFinite ? $0 : nil }
    facts.operationsPerSecond = count("instantaneous_ops_per_sec")
    facts.usedMemory = count("used_memory")
    facts.maxMemory = count("maxmemory")
    facts.keyspaceHits = count("keyspace_hits")
    facts.keyspaceMisses = count("keyspace_misses")
    facts.expiredKeys = count("expired_keys")
    facts.evictedKeys = count("evicted_keys")
    facts.clients = count("connected_clients")
    if count("loading") == 1 {
      // `loading_loaded_perc:12.34`.
      let percent = self["loading_loaded_perc"].flatMap { Double($0) } ?? 0
      facts.loadingPercent = percent.isNaN ? 0 : Int(min(max(0, percent), 100))
      facts.loadingSecondsLeft = count("loading_eta_seconds")
    }
    facts.primary = primary
    facts.replicas = count("connected_slaves")
    facts.replicasInStep = count("min_slaves_good_slaves")
    if self["rdb_last_bgsave_status"] == "err" { facts.unsaved.append(.snapshot) }
    if self["aof_last_write_status"] == "err" { facts.unsaved.append(.appendOnlyFile) }
    return facts
  }

  /// What a replica copies; nil: this is none. Section Replication, the same words in Redis and Valkey.
  private var primary: ServerFacts.Primary? {
    guard self["role"] == "slave", let host = self["master_host"], let port = count("master_port") else { return nil }
    let address = host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    let isUp = self["master_link_status"] == "up"
    // -1 where it never was up.
    return ServerFacts.Primary(
      address: address, isLinkUp: isUp, secondsDown: isUp ? nil : count("master_link_down_since_seconds"))
  }
}
