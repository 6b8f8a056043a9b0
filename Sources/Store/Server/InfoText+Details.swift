package import Requests

extension InfoText {
  /// Replicas that are listed.
  private static let mostReplicas = 64
  /// Codes of errors that are listed.
  private static let mostErrors = 12

  /// What INFO's sections Server, Clients, Memory, Persistence, Stats, Replication, CPU, Errorstats and Keyspace say.
  ///
  /// - Parameter serverTime: the server's time in ms since 1970, where the reply does not tell it (`server_time_usec`,
  ///   Redis 7.0).
  package func details(serverTime: Int64) -> ServerDetails {
    var details = ServerDetails()
    details.process.mode = self["server_mode"] ?? self["redis_mode"] ?? ""
    details.process.system = self["os"] ?? ""
    details.process.configFile = self["config_file"]
    details.process.processID = count("process_id")
    details.process.port = count("tcp_port")
    details.process.uptime = count("uptime_in_seconds")

    details.memory.peak = count("used_memory_peak")
    details.memory.resident = count("used_memory_rss")
    details.memory.dataset = count("used_memory_dataset")
    details.memory.scripts = count("used_memory_vm_total") ?? count("used_memory_lua")
    details.memory.clients = count("mem_clients_normal")
    details.memory.fragmentation = number("mem_fragmentation_ratio")
    details.memory.policy = self["maxmemory_policy"] ?? ""

    details.clients.blocked = count("blocked_clients")
    details.clients.tracking = count("tracking_clients")
    details.clients.limit = count("maxclients")
    details.clients.received = count("total_connections_received")
    details.clients.rejected = count("rejected_connections")

    details.traffic.input = bytes("instantaneous_input_kbps")
    details.traffic.output = bytes("instantaneous_output_kbps")

    details.processor.user = number("used_cpu_user")
    details.processor.system = number("used_cpu_sys")
    details.persistence = persistence(serverTime: serverTime)
    details.replication = replication
    details.databases = databases.sorted { $0.number < $1.number }
    let errors = all("errorstat_").compactMap { code, value in
      Self.parts(value)["count"].flatMap { Quantity.read($0) }.map { ServerDetails.ErrorCount(code: code, count: $0) }
    }
    details.errors = Array(errors.sorted { $0.count > $1.count }.prefix(Self.mostErrors))
    return details
  }

  private func persistence(serverTime: Int64) -> ServerDetails.Persistence {
    var persistence = ServerDetails.Persistence()
    if let saved = count("rdb_last_save_time") {
      let now = count("server_time_usec").map { $0 / 1_000_000 } ?? Int(serverTime / 1_000)
      persistence.sinceSave = max(0, now - saved)
    }
    persistence.saves = count("rdb_saves")
    persistence.changesSinceSave = count("rdb_changes_since_last_save")
    persistence.isSaving = flag("rdb_bgsave_in_progress")
    persistence.hasSaveFailed = self["rdb_last_bgsave_status"].map { $0 != "ok" }
    persistence.isAppendOnly = flag("aof_enabled")
    persistence.isRewriting = flag("aof_rewrite_in_progress")
    let states = [self["aof_last_write_status"], self["aof_last_bgrewrite_status"]].compactMap(\.self)
    persistence.hasAppendFailed = states.isEmpty ? nil : states.contains { $0 != "ok" }
    return persistence
  }

  private var replication: ServerDetails.Replication {
    var replication = ServerDetails.Replication()
    if let host = self["master_host"] {
      replication.primary = Self.address(host, self["master_port"])
      replication.isLinkUp = self["master_link_status"].map { $0 == "up" }
      replication.isSyncing = flag("master_sync_in_progress")
      replication.downFor = count("master_link_down_since_seconds")
      replication.heardAgo = count("master_last_io_seconds_ago")
    }
    replication.offset = count("slave_repl_offset") ?? count("master_repl_offset")
    replication.replicaCount = count("connected_slaves")
    for (number, value) in all("slave") where Quantity.read(number) != nil {
      let parts = Self.parts(value)
      guard replication.replicas.count < Self.mostReplicas, let host = parts["ip"] else { continue }
      replication.replicas.append(
        ServerDetails.Replica(
          address: Self.address(String(host), parts["port"].map(String.init)),
          state: String(parts["state"] ?? ""), offset: parts["offset"].flatMap { Quantity.read($0) },
          lag: parts["lag"].flatMap { Quantity.read($0) }))
    }
    return replication
  }

  /// `a=1,b=2`.
  private static func parts(_ value: String) -> [Substring: Substring] {
    var parts: [Substring: Substring] = [:]
    for part in value.split(separator: ",") {
      let sides = part.split(separator: "=", maxSplits: 1)
      if sides.count == 2 { parts[sides[0]] = sides[1] }
    }
    return parts
  }

  private static func address(_ host: String, _ port: String?) -> String {
    (host.contains(":") ? "[\(host)]" : host) + (port.map { ":\($0)" } ?? "")
  }

  private func flag(_ name: String) -> Bool? { count(name).map { $0 != 0 } }

  /// A number that is none below zero, and small enough for what is made of it; nil where the server tells none.
  private func number(_ name: String) -> Double? {
    self[name].flatMap { Double($0) }.flatMap { $0 >= 0 && $0 <= Double(Quantity.most) ? $0 : nil }
  }

  /// Kilobytes as bytes.
  private func bytes(_ name: String) -> Int? { number(name).map { Int(min($0 * 1_024, Double(Quantity.most))) } }
}
