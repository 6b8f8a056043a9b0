internal import RESP

/// What may leave in read-only mode: commands that are known to read, by a list of our own. Everything else is refused,
/// the unknown included; so are scripts and transactions, whatever they hold. The tests compare the list with what
/// servers say in COMMAND.
enum ReadOnlyGate {
  /// The first command of `batch` that is not known to read, as one types it; nil: all may go.
  static func refusal(of batch: CommandBatch) -> String? {
    for position in 0..<batch.count {
      let name = batch.names[position]
      if readers.contains(name) { continue }
      let subcommand = batch.words(at: position, limit: 2).dropFirst().first
        .map { String(decoding: $0, as: UTF8.self).uppercased() }
      if let subcommand, containers[name]?.contains(subcommand) == true { continue }
      return containers[name] == nil ? name : [name, subcommand ?? ""].joined(separator: " ")
    }
    return nil
  }

  /// Commands that only read, whatever their arguments.
  static let readers: Set<String> = [
    // Connection.
    "PING", "ECHO", "SELECT", "HELLO", "AUTH", "READONLY", "TIME", "LASTSAVE", "ROLE",
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

  /// Commands that read with one of these subcommands.
  static let containers: [String: Set<String>] = [
    "CLIENT": ["SETNAME", "GETNAME", "SETINFO", "ID", "INFO", "LIST", "TRACKING", "TRACKINGINFO", "NO-TOUCH"],
    "OBJECT": ["ENCODING", "FREQ", "IDLETIME", "REFCOUNT", "HELP"],
    "MEMORY": ["USAGE", "STATS", "DOCTOR", "HELP"],
    "XINFO": ["STREAM", "GROUPS", "CONSUMERS", "HELP"],
    "CONFIG": ["GET", "HELP"],
    "COMMAND": ["COUNT", "DOCS", "GETKEYS", "INFO", "LIST", "HELP"],
    "SLOWLOG": ["GET", "LEN", "HELP"],
    "LATENCY": ["LATEST", "HISTORY", "HISTOGRAM", "HELP"],
    "ACL": ["WHOAMI", "CAT", "GETUSER", "LIST", "USERS", "DRYRUN", "HELP"],
    "PUBSUB": ["CHANNELS", "NUMSUB", "NUMPAT", "SHARDCHANNELS", "SHARDNUMSUB", "HELP"],
    "SCRIPT": ["EXISTS", "HELP"],
    "FUNCTION": ["LIST", "STATS", "HELP"],
    "CLUSTER": ["INFO", "NODES", "SLOTS", "SHARDS", "KEYSLOT", "MYID", "COUNTKEYSINSLOT", "HELP"],
  ]
}
