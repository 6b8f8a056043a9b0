/// The versions at which commands came that Keyglass sends. Valkey 7.2 and 8 count as Redis 7.2, Valkey 9 as Redis 7.4.
package enum ServerAge: Int, Sendable, Comparable, CaseIterable {
  case redis6_2
  case redis7_0
  case redis7_2
  case redis7_4

  /// The oldest that Keyglass is tested with.
  package static let floor = ServerAge.redis6_2
  package static let newest = ServerAge.redis7_4

  package static func < (left: ServerAge, right: ServerAge) -> Bool { left.rawValue < right.rawValue }
}

/// What a user is to do with Keyglass.
package enum AccessLevel: String, Sendable, CaseIterable {
  /// List, read, the expiry monitor, following new keys.
  case browse
  /// That, and every edit with its undo.
  case edit
}

/// The right to one command that Keyglass sends by itself: the one table that `keyglass acl` prints, and that the tests
/// compare with what servers say was sent.
package struct AccessRule: Sendable, Hashable {
  /// As ACL SETUSER takes it: `+client|no-touch`.
  package let text: String
  /// ACL SETUSER refuses a whole line for one command that the server does not have.
  package let since: ServerAge

  init(_ command: String) {
    text = "+" + command
    since = Self.young[command] ?? .floor
  }

  /// What commands came after the oldest server, by when (redis.io's command pages, `since`; field TTLs: Valkey 9.0).
  private static let young: [String: ServerAge] = [
    "pexpiretime": .redis7_0, "client|no-touch": .redis7_2, "hpexpiretime": .redis7_4, "hpttl": .redis7_4,
    "hpexpire": .redis7_4, "hpexpireat": .redis7_4, "hpersist": .redis7_4,
  ]

  /// Since when servers have a command, as one types it; nil: as long as Keyglass knows them.
  static func since(_ command: String) -> ServerAge? {
    young[command.lowercased().split(separator: " ").joined(separator: "|")]
  }

  /// The rules for `level` on servers of this age, in the order of a line.
  package static func rules(for level: AccessLevel, on age: ServerAge) -> [AccessRule] {
    let all: [String] =
      switch level {
      case .browse: greeting + Set(reading).sorted()
      case .edit: greeting + Set(reading + guarding + writing).sorted()
      }
    return all.map { AccessRule($0) }.filter { $0.since <= age }
  }

  /// In place of `+eval +evalsha`, for users who may not run scripts.
  package static let withoutScripts = ["watch", "unwatch", "multi", "exec"].map { AccessRule($0) }

  /// To end clients on the screen of the server (S), and a connection of Keyglass's own on which a write may still be
  /// under way after it was lost.
  package static let killing = ["client|kill"].map { AccessRule($0) }

  // MARK: - The table

  /// Of every connection. HELLO and AUTH need no right on any server, and are named for those that have another idea.
  private static let greeting = ["hello", "auth", "ping", "select", "client|setname", "client|no-touch", "client|id"]

  /// ``ReadCommand`` but for what is only sent where another is denied or missing; COMMAND for the console.
  private static let reading =
    ReadCommand.allCases.filter { !$0.isSubstitute }.map { String($0.rule.dropFirst()) } + ["command"]

  /// What guards read, fingerprints of keys, and the scripts.
  private static let guarding = [
    "eval", "evalsha", "exists", "get", "hexists", "hget", "hgetall", "hstrlen", "lindex", "smembers", "time", "zscore",
  ]

  private static let writing = [
    "copy", "hdel", "hincrby", "hincrbyfloat", "hpersist", "hpexpire", "hpexpireat", "hset", "incrby", "incrbyfloat",
    "linsert", "lpop", "lpush", "lpushx", "lrem", "lset", "persist", "pexpire", "pexpireat", "rename", "renamenx",
    "restore", "rpop", "rpush", "rpushx", "sadd", "set", "srem", "unlink", "xadd", "xdel", "zadd", "zincrby", "zrem",
  ]
}
