package import RESP

/// What may leave in read-only mode: commands that are known to read, by a list of our own, or because the server was
/// asked. Everything else is refused, the unknown included; so are scripts that may write, and transactions whatever
/// they hold. What writes with some arguments and reads with others is refused too, and what only reads named. The tests compare the list with what servers say in COMMAND.
package enum ReadOnlyGate {
  /// The first command of `batch` that is not known to read, as one types it; nil: all may go.
  ///
  /// - Parameter knownReaders: what the server calls reading (``Connection/readers(among:)``), as `NAME` or
  ///   `NAME SUBCOMMAND` in upper case.
  package static func refusal(of batch: CommandBatch, knownReaders: Set<String> = []) -> String? {
    for position in 0..<batch.count {
      let command = Command(batch, at: position)
      if command.isKnown || command.keys.contains(where: { knownReaders.contains($0) }) { continue }
      return command.title
    }
    return nil
  }

  /// A command as the lists have it.
  struct Command {
    let name: String
    let subcommand: String?

    init(_ batch: CommandBatch, at position: Int) {
      name = batch.names[position]
      subcommand = batch.words(at: position, limit: 2).dropFirst().first
        .map { String(decoding: $0, as: UTF8.self).uppercased() }
    }

    /// Whether our own list has it.
    var isKnown: Bool {
      // COMMAND alone lists them all, and is no container then.
      if name == "COMMAND", subcommand == nil { return true }
      return readers.contains(name) || subcommand.map { containers[name]?.contains($0) == true } == true
    }

    /// What a server may have called it: a container that we know is only ever judged with its subcommand.
    var keys: [String] {
      let whole = subcommand.map { ["\(name) \($0)"] } ?? []
      return containers[name] == nil ? [name] + whole : whole
    }

    /// As one types it.
    var title: String {
      containers[name] == nil ? name : [name, subcommand ?? ""].joined(separator: " ")
    }
  }

  /// Commands that only read, whatever their arguments.
  static let readers: Set<String> = [
    // Connection.
    "PING", "ECHO", "QUIT", "SELECT", "HELLO", "AUTH", "READONLY", "TIME", "LASTSAVE", "ROLE",
    "INFO", "DBSIZE",
    // Keys.
    "SCAN", "TYPE", "TTL", "PTTL", "EXPIRETIME", "PEXPIRETIME", "EXISTS", "RANDOMKEY", "KEYS", "DUMP", "SORT_RO",
    // Strings.
    "GET", "MGET", "GETRANGE", "SUBSTR", "STRLEN", "GETBIT", "BITCOUNT", "BITPOS", "BITFIELD_RO", "LCS", "DIGEST",
    // Lists.
    "LRANGE", "LINDEX", "LLEN", "LPOS",
    // Hashes.
    "HGET", "HMGET", "HGETALL", "HKEYS", "HVALS", "HLEN", "HSTRLEN", "HEXISTS", "HSCAN", "HRANDFIELD", "HTTL", "HPTTL",
    "HEXPIRETIME", "HPEXPIRETIME",
    // Sets.
    "SMEMBERS", "SISMEMBER", "SMISMEMBER", "SCARD", "SSCAN", "SRANDMEMBER", "SUNION", "SINTER", "SDIFF", "SINTERCARD",
    // Sorted sets.
    "ZRANGE", "ZREVRANGE", "ZRANGEBYSCORE", "ZREVRANGEBYSCORE", "ZRANGEBYLEX", "ZREVRANGEBYLEX", "ZSCORE", "ZMSCORE",
    "ZRANK", "ZREVRANK", "ZCARD", "ZCOUNT", "ZLEXCOUNT", "ZSCAN", "ZRANDMEMBER", "ZUNION", "ZINTER", "ZDIFF",
    "ZINTERCARD", "GEOPOS", "GEODIST", "GEOHASH", "GEOSEARCH", "GEORADIUS_RO", "GEORADIUSBYMEMBER_RO",
    // Streams.
    "XRANGE", "XREVRANGE", "XLEN", "XREAD", "XPENDING", "PFCOUNT",
  ]

  /// For what may write, the command that does the same and only reads.
  static let readingForms: [String: String] = [
    "SORT": "SORT_RO", "GEORADIUS": "GEORADIUS_RO", "GEORADIUSBYMEMBER": "GEORADIUSBYMEMBER_RO",
    "BITFIELD": "BITFIELD_RO", "EVAL": "EVAL_RO", "EVALSHA": "EVALSHA_RO", "FCALL": "FCALL_RO",
  ]

  /// Commands that read with one of these subcommands.
  static let containers: [String: Set<String>] = [
    "CLIENT": ["SETNAME", "GETNAME", "SETINFO", "ID", "INFO", "LIST", "TRACKING", "TRACKINGINFO", "NO-TOUCH"],
    "OBJECT": ["ENCODING", "FREQ", "IDLETIME", "REFCOUNT", "HELP"],
    "MEMORY": ["USAGE", "STATS", "DOCTOR", "HELP"],
    "XINFO": ["STREAM", "GROUPS", "CONSUMERS", "HELP"],
    "CONFIG": ["GET", "HELP"],
    "COMMAND": ["COUNT", "DOCS", "GETKEYS", "INFO", "LIST", "HELP"],
    "SLOWLOG": ["GET", "LEN", "HELP"],
    "LATENCY": ["LATEST", "HISTORY", "HISTOGRAM", "DOCTOR", "GRAPH", "HELP"],
    "ACL": ["WHOAMI", "CAT", "GETUSER", "LIST", "USERS", "DRYRUN", "HELP"],
    "PUBSUB": ["CHANNELS", "NUMSUB", "NUMPAT", "SHARDCHANNELS", "SHARDNUMSUB", "HELP"],
    "SCRIPT": ["EXISTS", "HELP"],
    "FUNCTION": ["LIST", "STATS", "HELP"],
    "CLUSTER": ["INFO", "NODES", "SLOTS", "SHARDS", "KEYSLOT", "MYID", "COUNTKEYSINSLOT", "HELP"],
  ]
}
