import Testing

@testable import Commands

@Suite("What a command may do")
struct EffectTests {
  @Test(arguments: [
    ("AUTH u p", [1, 2]), ("auth p", [1]), ("AUTH", []), ("HELLO 3 AUTH u p SETNAME n", [3, 4]),
    ("HELLO 3 AUTH u", [3]), ("HELLO 3 SETNAME n", []), ("ACL SETUSER u >p on #h ~*", [3, 5]),
    ("ACL SETUSER >u", []), ("ACL GETUSER u", []), ("ACL DELUSER u", []), ("ACL LIST", []),
    ("CONFIG SET requirepass x", [3]), ("CONFIG SET maxmemory 1 masterauth x", [5]),
    ("config set REQUIREPASS x maxmemory 1 tls-key-file-pass y", [3, 7]), ("CONFIG SET requirepass", []),
    ("CONFIG GET requirepass", []), ("CONFIG SET maxmemory requirepass", []),
    ("MIGRATE h 1 k 0 1 COPY AUTH p KEYS a", [8]), ("MIGRATE h 1 k 0 1 AUTH2 u p", [7, 8]),
    ("MIGRATE h 1 auth 0 1", []), ("MIGRATE h 1 k 0 1 KEYS auth x", []), ("SENTINEL SET m auth-pass x", [4]),
    ("SENTINEL CONFIG SET sentinel-pass x", [4]), ("5 every 1s AUTH u p", [4, 5]), ("SET requirepass x", []), ("", []),
  ])
  func secrets(line: String, places: [Int]) {
    #expect(CommandSecrets.places(in: line.utf8Words) == places)
    // redis-cli remembers no line about users either.
    let isAboutUsers = ["ACL SETUSER", "ACL GETUSER", "ACL DELUSER"].contains { line.hasPrefix($0) }
    #expect(CommandSecrets.isSensitive(line.utf8Words) == (!places.isEmpty || line == "AUTH" || isAboutUsers))
  }

  @Test(
    arguments: [
      ("flushall async", .flushAll), ("FLUSHDB", .flushDatabase), ("SHUTDOWN NOSAVE", .shutdown),
      ("DEBUG SLEEP 0", .debug("SLEEP")),
      ("debug reload", .debug("RELOAD")), ("SWAPDB 0 x", .swapDatabases(0, nil)),
      ("REPLICAOF NO ONE", .replicaOf(host: nil, port: nil)),
      ("SLAVEOF h 1", .replicaOf(host: "h", port: "1")),
      ("CONFIG SET a 1 b 2", .configSet(names: "a b".utf8Words)), ("SCRIPT FLUSH", .scriptFlush),
      ("script kill", .scriptKill), ("FUNCTION KILL", .scriptKill),
      ("FUNCTION FLUSH", .functionFlush),
      ("FUNCTION DELETE lib", .functionDelete(library: "lib")),
      ("FUNCTION RESTORE x flush", .functionRestore),
      ("KEYS *", .keys(pattern: [0x2A])), ("MONITOR", .monitor),
      ("CLUSTER RESET hard", .clusterReset(isHard: true)),
      ("CLUSTER RESET", .clusterReset(isHard: false)),
      ("cluster flushslots", .clusterChange("FLUSHSLOTS")), ("FAILOVER", .failover),
      ("CLIENT KILL ID 5", .clientKill), ("CLIENT PAUSE 100 WRITE", .clientPause(100)),
      ("ACL DELUSER a b", .deleteUsers("a b".utf8Words)),
      ("ACL SETUSER a on", .changeUsers), ("ACL LOAD", .changeUsers), ("MODULE LOAD x", .module("LOAD")),
      ("SAVE", .save), ("MIGRATE h 6379 k 0 100", .migrate(host: "h", port: "6379", copies: false)),
      ("migrate h 6379 k 0 100 replace copy", .migrate(host: "h", port: "6379", copies: true)),
      ("EVAL redis.call('flushall') 0", .script(["FLUSHALL"])),
    ] as [(String, CommandRisk)])
  func risks(line: String, risk: CommandRisk) {
    #expect(CommandRisk(words: line.utf8Words) == risk)
  }

  @Test(arguments: [
    "", "GET a", "DEL a", "SHUTDOWN ABORT", "FAILOVER ABORT", "DEBUG", "DEBUG OBJECT a",
    "DEBUG HELP", "DEBUG PROTOCOL map",
    "CONFIG", "CONFIG GET *", "CONFIG REWRITE", "CONFIG RESETSTAT", "SCRIPT LOAD x",
    "FUNCTION RESTORE x", "KEYS", "CLUSTER INFO",
    "CLUSTER HELP", "CLIENT LIST", "ACL SETUSER a", "MODULE LIST", "BGSAVE", "EVAL return 0",
  ])
  func noRisks(line: String) {
    #expect(CommandRisk(words: line.utf8Words) == nil)
  }

  /// They look, count, write files in the background, or work on keys that were named.
  static let unasked: Set<String> = [
    "ACL CAT", "ACL DRYRUN", "ACL GETUSER", "ACL LIST", "ACL LOG", "ACL SAVE",
    "ACL SETUSER", "ACL USERS",
    "BGREWRITEAOF", "BGSAVE", "CLIENT LIST", "CLIENT NO-EVICT", "CLIENT UNBLOCK", "CLIENT UNPAUSE",
    "CLUSTER COUNT-FAILURE-REPORTS", "CLUSTER GETSLOTMIGRATIONS", "CLUSTER REPLICAS",
    "CLUSTER SAVECONFIG",
    "CLUSTER SLAVES", "COMMANDLOG GET", "COMMANDLOG LEN", "COMMANDLOG RESET", "CONFIG GET",
    "CONFIG RESETSTAT",
    "CONFIG REWRITE", "INFO", "LASTSAVE", "LATENCY DOCTOR", "LATENCY GRAPH", "LATENCY HISTOGRAM",
    "LATENCY HISTORY",
    "LATENCY LATEST", "LATENCY RESET", "MIGRATE", "MODULE LIST", "RESTORE", "ROLE", "SLOWLOG GET",
    "SLOWLOG LEN",
    "SLOWLOG RESET", "SORT", "SORT_RO",
  ]

  @Test(
    "of the commands that servers call dangerous, each is asked about or known to need no question")
  func dangerous() {
    let silent = WholeTableTests.specs.filter { spec in
      spec.flags.contains("dangerous") && CommandRisk(words: spec.name.utf8Words + [[0x61]]) == nil
    }
    #expect(Set(silent.map(\.name)).subtracting(EffectTests.unasked) == [])
  }

  @Test(
    arguments: [
      ("SUBSCRIBE a", .subscribe), ("psubscribe a", .subscribe), ("SSUBSCRIBE a", .subscribe),
      ("UNSUBSCRIBE", .unsubscribe),
      ("PUNSUBSCRIBE", .unsubscribe), ("SUNSUBSCRIBE", .unsubscribe), ("MONITOR", .monitor),
      ("SYNC", .unusable(.replication)),
      ("PSYNC ? -1", .unusable(.replication)), ("REPLCONF x", .unusable(.replication)),
      ("CLIENT REPLY OFF", .unusable(.withoutReply)),
      ("client reply skip", .unusable(.withoutReply)), ("SELECT 3", .select(3)),
      ("SELECT x", .select(nil)), ("MULTI", .multi),
      ("EXEC", .exec), ("DISCARD", .discard), ("RESET", .reset), ("AUTH p", .authenticate),
      ("HELLO", .hello(version: nil, authenticates: false)),
      ("HELLO 3 AUTH u p", .hello(version: 3, authenticates: true)),
      ("QUIT", .quit), ("BLPOP a 0", .block), ("XREAD BLOCK 0 STREAMS a $", .block),
      ("WAIT 1 0", .block),
    ] as [(String, ConnectionEffect)])
  func effects(line: String, effect: ConnectionEffect) {
    #expect(ConnectionEffect(words: line.utf8Words) == effect)
  }

  @Test(arguments: [
    "", "GET a", "CLIENT REPLY ON", "CLIENT LIST", "XREAD STREAMS block 0",
    "XREAD COUNT 1 STREAMS a 0", "LPOP a",
  ])
  func noEffects(line: String) {
    #expect(ConnectionEffect(words: line.utf8Words) == nil)
  }
}
