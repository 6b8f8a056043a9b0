/// Commands whose replies are of every kind, in ASCII, and the same as long as nothing writes.
enum ReplyCorpus {
  static let setup: [[String]] = [
    ["SET", "s", "line one\nline \"two\" \\ 'q' \u{1B}[31m \\x41 end"], ["SET", "n", "42"], ["SET", "empty", ""],
    ["SET", "controls", "\u{1}\u{7}\u{8}\t\r\n\u{B}\u{1F}\u{7F}"], ["HSET", "h", "f", "v", "g", "", "q\"", "a\nb"],
    ["HSET", "one", "f", "v"], ["RPUSH", "l", "a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k"],
    ["RPUSH", "l1", "x"],
    ["SADD", "e", "x"], ["SADD", "ints", "1", "2", "3"], ["ZADD", "z", "1.5", "m", "2", "n", "-inf", "o"],
    ["ZADD", "z1", "3", "only"],
    ["GEOADD", "geo", "13.361389", "38.115556", "Palermo", "15.087269", "37.502669", "Catania"],
    ["XADD", "x", "1-1", "a", "1", "b", "2"], ["XADD", "x", "2-1", "c", "3"], ["XGROUP", "CREATE", "x", "group", "0"],
    ["XREADGROUP", "GROUP", "group", "bob", "COUNT", "1", "STREAMS", "x", ">"], ["PFADD", "hll", "a", "b"],
    ["FUNCTION", "LOAD", "#!lua name=lib\nredis.register_function('f', function() return 1 end)"],
    ["ACL", "SETUSER", "bob", "on", ">secret", "~k*", "+get"], ["EXPIREAT", "n", "33177117420"],
  ]

  static let commands: [[String]] = [
    ["PING"], ["PING", "hello there"], ["ECHO", ""], ["SET", "s2", "v"], ["SET", "s", "v", "NX"], ["GET", "s"],
    ["GET", "controls"], ["GET", "empty"], ["GET", "none"], ["GETRANGE", "s", "0", "3"], ["STRLEN", "s"],
    ["MGET", "n", "none", "h", "s"], ["EXISTS", "s", "h"], ["TYPE", "z"], ["EXPIRETIME", "n"],
    ["OBJECT", "ENCODING", "n"],
    ["OBJECT", "HELP"], ["RANDOMKEY", "extra"], ["HGETALL", "h"], ["HGETALL", "one"], ["HGETALL", "none"],
    ["HMGET", "h", "f", "none"], ["HRANDFIELD", "one", "1", "WITHVALUES"], ["HSCAN", "h", "0"], ["HGET", "s", "f"],
    ["LRANGE", "l", "0", "-1"], ["LRANGE", "l1", "0", "-1"], ["LRANGE", "none", "0", "-1"],
    ["LPOS", "l", "c", "COUNT", "0"],
    ["LPOS", "l", "none"], ["SMEMBERS", "ints"], ["SMEMBERS", "e"], ["SMEMBERS", "none"], ["SISMEMBER", "e", "x"],
    ["SMISMEMBER", "e", "x", "y"], ["SSCAN", "e", "0"], ["ZRANGE", "z", "0", "-1"],
    ["ZRANGE", "z", "0", "-1", "WITHSCORES"],
    ["ZRANGE", "z1", "0", "-1", "WITHSCORES"], ["ZSCORE", "z", "m"], ["ZSCORE", "z", "o"],
    ["ZMSCORE", "z", "m", "none"],
    ["ZRANK", "z", "none"], ["ZRANDMEMBER", "z1", "1", "WITHSCORES"], ["ZSCAN", "z", "0"],
    ["GEOPOS", "geo", "Palermo", "none"], ["GEODIST", "geo", "Palermo", "Catania", "km"],
    ["GEOSEARCH", "geo", "FROMMEMBER", "Palermo", "BYRADIUS", "300", "km", "ASC", "WITHCOORD", "WITHDIST", "WITHHASH"],
    ["XRANGE", "x", "-", "+"], ["XRANGE", "x", "3", "+"], ["XREAD", "STREAMS", "x", "0"],
    ["XREAD", "STREAMS", "x", "9"],
    ["XINFO", "STREAM", "x"], ["XINFO", "STREAM", "x", "FULL"], ["XINFO", "GROUPS", "x"], ["XINFO", "STREAM", "none"],
    ["XPENDING", "x", "group"], ["PFCOUNT", "hll"], ["BITFIELD_RO", "n", "GET", "u8", "0"],
    ["SCAN", "0", "MATCH", "hll"],
    ["KEYS", "l*"], ["NOSUCH"], ["NOSUCH", "a\nb"], ["GET"], ["CONFIG", "GET", "maxmemory*"],
    ["CONFIG", "GET", "none"],
    ["CONFIG", "GET", "save"], ["COMMAND", "INFO", "get", "xadd", "none"], ["COMMAND", "DOCS", "get", "set"],
    ["COMMAND", "GETKEYS", "SET", "k", "v"], ["COMMAND", "GETKEYS", "PING"],
    ["COMMAND", "LIST", "FILTERBY", "PATTERN", "x*"],
    ["ACL", "WHOAMI"], ["ACL", "GETUSER", "bob"], ["ACL", "GETUSER", "none"], ["ACL", "LIST"],
    ["ACL", "CAT", "string"],
    ["ACL", "DRYRUN", "bob", "SET", "k", "v"], ["FUNCTION", "LIST"], ["FUNCTION", "STATS"],
    ["FUNCTION", "LIST", "WITHCODE"],
    ["SLOWLOG", "GET", "0"], ["LATENCY", "LATEST"], ["PUBSUB", "NUMSUB", "a", "b"], ["WAIT", "0", "0"], ["ROLE"],
    ["LCS", "s", "s2"], ["LCS", "s", "s2", "IDX", "WITHMATCHLEN"], ["INFO", "nosuch"],
    ["INFO", "replication"], ["INFO", "modules"], ["CLIENT", "LIST", "ID", "999999"], ["CLIENT", "LIST", "foo"],
    ["CLIENT", "TRACKINGINFO"], ["MEMORY", "DOCTOR"], ["LATENCY", "DOCTOR"], ["CLUSTER", "INFO"], ["CLUSTER", "NODES"],
    ["LOLWUT", "VERSION", "1"], ["DEBUG", "HTSTATS-KEY", "h"], ["MEMORY", "USAGE", "n"],
    ["EVAL", "return {1,{2,'a',{}},false,redis.status_reply('fine')}", "0"],
    ["EVAL", "return {1,{err='ERR first'},{2,{err='MY second one'},{3,{4,{5,{}}}}},'x'}", "0"],
    ["EVAL", "return redis.error_reply('CUSTOM why')", "0"], ["EVAL", "return", "0"], ["EVAL", "return {}", "0"],
    ["EVAL", "return {{{{}}}}", "0"], ["EVAL", "return nosuch", "0"], ["EVAL", "error('broken')", "0"],
    ["EVAL", "return {redis.pcall('HGET','s','f'), redis.pcall('NOSUCH')}", "0"],
    ["EVAL", "local t={} for i=1,111 do t[i]={i,{i,i}} end return t", "0"],
    ["EVAL", "redis.setresp(3) return {map={a={1,2}}}", "0"],
    ["EVAL", "redis.setresp(3) return {map={a={{1,2}}}}", "0"],
    ["EVAL", "redis.setresp(3) return {map={a={map={b={map={c={1,{2,3}}}}}}}}", "0"],
    ["EVAL", "redis.setresp(3) return {map={a={map={b={map={c=1}}}}}}", "0"],
    ["EVAL", "redis.setresp(3) return {1,{map={x={}}},{map={y={set={a=true}}}},{map={}},{set={}}}", "0"],
    ["EVAL", "redis.setresp(3) local t={} for i=1,11 do t[i]={map={[i]={i,i}}} end return {map={k=t}}", "0"],
    ["EVAL", "redis.setresp(3) return {map={[{1,2}]={3,4}}}", "0"],
    ["EVAL", "redis.setresp(3) return {map={[{1,2}]=3}}", "0"],
    ["EVAL", "redis.setresp(3) return {1,{verbatim_string={format='txt',string='a\\nb\\n'}},{{double=2.5}}}", "0"],
    ["EVAL", "redis.setresp(3) return {map={k={verbatim_string={format='txt',string='a\\nb'}}}}", "0"],
    ["EVAL", "redis.setresp(3) return {true,false,{set={[{1,2}]=true}}}", "0"],
    ["DEBUG", "PROTOCOL", "string"], ["DEBUG", "PROTOCOL", "integer"], ["DEBUG", "PROTOCOL", "double"],
    ["DEBUG", "PROTOCOL", "null"], ["DEBUG", "PROTOCOL", "array"], ["DEBUG", "PROTOCOL", "set"],
    ["DEBUG", "PROTOCOL", "map"],
    ["DEBUG", "PROTOCOL", "verbatim"], ["DEBUG", "PROTOCOL", "true"], ["DEBUG", "PROTOCOL", "false"],
    ["DEBUG", "PROTOCOL", "push"],
  ]

  /// Commands whose replies hold numbers that change between one asking and the next.
  static let changing: [[String]] = [
    ["INFO", "keyspace"], ["INFO", "server"], ["INFO", "clients"], ["INFO", "stats"], ["CLIENT", "LIST"],
    ["CLIENT", "INFO"], ["TIME"],
    ["MEMORY", "STATS"], ["SLOWLOG", "LEN"], ["XINFO", "CONSUMERS", "x", "group"], ["DEBUG", "OBJECT", "s"],
    ["LASTSAVE"],
    ["OBJECT", "IDLETIME", "s"], ["CONFIG", "GET", "*"], ["COMMAND", "COUNT"], ["DBSIZE"],
  ]

  /// What redis-cli 7.0 cannot read on RESP3, and what it is as raw text and for eyes.
  static let beyond: [(words: [String], failure: String, raw: String, human: String)] = [
    (
      ["DEBUG", "PROTOCOL", "bignum"], "Unknown reply type: 13", "1234567999999999999999999999999999999\n",
      "(big number) 1234567999999999999999999999999999999\n"
    ),
    (
      ["DEBUG", "PROTOCOL", "attrib"], "Protocol error, got \"|\" as reply type byte",
      "Some real reply following the attribute\n",
      """
      |# "key-popularity" => \n   1) "key:123"
         2) (integer) 90
      "Some real reply following the attribute"

      """
    ),
  ]
}
