/// What INFO says besides what the header shows, as of one reply. What the server does not tell is nil, or an empty text,
/// and is not shown: fields differ between versions and makes. Texts are the server's: escape them to show them.
package struct ServerDetails: Sendable, Equatable {
  package var process = Process()
  package var memory = Memory()
  package var clients = Clients()
  package var traffic = Traffic()
  package var persistence = Persistence()
  package var replication = Replication()
  package var processor = Processor()
  /// The databases that hold keys.
  package var databases: [DatabaseFacts] = []
  /// Error replies by code, most first, since the server was started or its statistics reset (Redis 6.2).
  package var errors: [ErrorCount] = []

  package init() {}
}

extension ServerDetails {
  package struct Process: Sendable, Equatable {
    /// `standalone`, `cluster`, `sentinel`.
    package var mode = ""
    /// The operating system.
    package var system = ""
    /// The path of the configuration file; empty: none was given. nil: not told.
    package var configFile: String?
    package var processID: Int?
    /// 0: it does not listen on TCP.
    package var port: Int?
    /// Seconds.
    package var uptime: Int?

    package init() {}
  }

  /// Bytes, but the ratio and the policy.
  package struct Memory: Sendable, Equatable {
    package var peak: Int?
    package var resident: Int?
    package var dataset: Int?
    /// What Lua and functions take.
    package var scripts: Int?
    /// What the buffers of clients take.
    package var clients: Int?
    /// Resident by used.
    package var fragmentation: Double?
    /// What becomes of keys at the limit: `noeviction`, `allkeys-lru` …
    package var policy = ""

    package init() {}
  }

  package struct Clients: Sendable, Equatable {
    package var blocked: Int?
    package var tracking: Int?
    /// The most that may connect.
    package var limit: Int?
    /// Connections since the start, and those that were refused because of the limit.
    package var received: Int?
    package var rejected: Int?

    package init() {}
  }

  /// Bytes a second, as the server has measured them last.
  package struct Traffic: Sendable, Equatable {
    package var input: Int?
    package var output: Int?

    package init() {}
  }

  package struct Persistence: Sendable, Equatable {
    /// Seconds since the last snapshot that was saved; where none was, since the start.
    package var sinceSave: Int?
    /// Snapshots since the start (Redis 7.0).
    package var saves: Int?
    package var changesSinceSave: Int?
    package var isSaving: Bool?
    package var hasSaveFailed: Bool?
    package var isAppendOnly: Bool?
    package var isRewriting: Bool?
    package var hasAppendFailed: Bool?

    package init() {}
  }

  package struct Replication: Sendable, Equatable {
    /// `host:port` of the primary; empty: the server is one itself.
    package var primary = ""
    package var isLinkUp: Bool?
    package var isSyncing: Bool?
    /// Seconds since the link went down, and since the primary was heard last.
    package var downFor: Int?
    package var heardAgo: Int?
    /// Bytes of the stream of changes that this server has written, or taken from its primary.
    package var offset: Int?
    /// The replicas that are connected: their number, and as many as are listed.
    package var replicaCount: Int?
    package var replicas: [Replica] = []

    package init() {}
  }

  package struct Replica: Sendable, Equatable {
    /// `host:port`.
    package var address: String
    /// `online`, `wait_bgsave`, `send_bulk` …
    package var state: String
    package var offset: Int?
    /// Seconds since it has confirmed.
    package var lag: Int?

    package init(address: String, state: String, offset: Int?, lag: Int?) {
      self.address = address
      self.state = state
      self.offset = offset
      self.lag = lag
    }
  }

  /// Seconds of processor time since the start.
  package struct Processor: Sendable, Equatable {
    package var user: Double?
    package var system: Double?

    package init() {}

    package var total: Double? {
      guard let user, let system else { return nil }
      return user + system
    }
  }

  package struct ErrorCount: Sendable, Equatable {
    /// `WRONGTYPE`, `ERR` …
    package var code: String
    package var count: Int

    package init(code: String, count: Int) {
      self.code = code
      self.count = count
    }
  }
}
