/// What a command puts at risk that Keyglass asks about before it is sent.
///
/// Names that are shown to the user hold nothing invisible.
package enum CommandRisk: Sendable, Equatable {
  case flushAll
  case flushDatabase
  case shutdown
  /// The subcommand, upper case: all that are not known to read only.
  case debug(String)
  /// nil: the word is no number.
  case swapDatabases(Int?, Int?)
  /// nil: NO ONE, the server becomes a master.
  case replicaOf(host: String?, port: String?)
  case configSet(names: [[UInt8]])
  case scriptFlush
  /// SCRIPT KILL, FUNCTION KILL: of whoever runs it.
  case scriptKill
  case functionFlush
  case functionDelete(library: String)
  /// RESTORE with FLUSH: the libraries that are there go.
  case functionRestore
  /// Walks over all keys in one go.
  case keys(pattern: [UInt8])
  case monitor
  /// HARD also forgets the other nodes' epochs and the node's own ID.
  case clusterReset(isHard: Bool)
  /// Another subcommand that changes the cluster, upper case.
  case clusterChange(String)
  case failover
  case clientKill
  /// Milliseconds; nil: no number.
  case clientPause(Int?)
  case deleteUsers([[UInt8]])
  /// LOAD, LOADEX or UNLOAD: code runs in the server.
  case module(String)
  /// A script in whose text these stand: what it does with them is not known.
  case script([String])
  /// What users may do: ACL SETUSER, ACL LOAD.
  case changeUsers
  /// Blocks the server until the file is written.
  case save
  /// Keys go to another server. `copies`: they stay here too.
  case migrate(host: String, port: String, copies: Bool)

  /// It changes nothing: only what it costs others is the matter.
  package var onlyReads: Bool {
    switch self {
    case .keys, .monitor: true
    default: false
    }
  }

  /// It can end all that is there, or take it elsewhere: on a production server a click is no answer to it.
  package var endsAll: Bool {
    switch self {
    case .flushAll, .flushDatabase, .shutdown, .debug, .swapDatabases, .replicaOf, .migrate, .script: true
    default: false
    }
  }

  /// nil: nothing to ask about. Wants the command alone, without a count before it.
  package init?(words: [[UInt8]]) {
    let command = CommandWords(words)
    let subcommand = command.upper(1)
    switch command.upper(0) {
    case "FLUSHALL": self = .flushAll
    case "FLUSHDB": self = .flushDatabase
    case "SHUTDOWN":
      if subcommand == "ABORT" { return nil }
      self = .shutdown
    case "DEBUG":
      if words.count < 2 || CommandRisk.readingDebug.contains(subcommand) { return nil }
      self = .debug(AnyCase.upper(command.shown(1).utf8))
    case "SWAPDB": self = .swapDatabases(command.number(1), command.number(2))
    case "REPLICAOF", "SLAVEOF": self = CommandRisk.replication(command)
    case "KEYS":
      guard words.count > 1 else { return nil }
      self = .keys(pattern: words[1])
    case "MONITOR": self = .monitor
    case "FAILOVER":
      if subcommand == "ABORT" { return nil }
      self = .failover
    case "SAVE": self = .save
    case "MIGRATE":
      guard words.count > 5 else { return nil }
      let copies = (6..<max(6, words.count)).contains { command.upper($0) == "COPY" }
      self = .migrate(host: command.shown(1), port: command.shown(2), copies: copies)
    case "EVAL":
      let names = words.count > 1 ? CommandRisk.scripted.filter { AnyCase.upper(words[1]).contains($0) } : []
      if names.isEmpty { return nil }
      self = .script(names)
    default:
      guard let risk = CommandRisk(of: subcommand, in: command) else { return nil }
      self = risk
    }
  }

  private init?(of subcommand: String, in command: CommandWords) {
    switch (command.upper(0), subcommand) {
    case ("CONFIG", "SET"):
      self = .configSet(names: command.everySecond(from: 2).map { command.words[$0] })
    case ("SCRIPT", "FLUSH"): self = .scriptFlush
    case ("SCRIPT", "KILL"), ("FUNCTION", "KILL"): self = .scriptKill
    case ("FUNCTION", "FLUSH"): self = .functionFlush
    case ("FUNCTION", "DELETE"): self = .functionDelete(library: command.shown(2))
    case ("FUNCTION", "RESTORE"):
      guard (3..<max(3, command.words.count)).contains(where: { command.upper($0) == "FLUSH" })
      else { return nil }
      self = .functionRestore
    case ("CLUSTER", "RESET"): self = .clusterReset(isHard: command.upper(2) == "HARD")
    case ("CLUSTER", _) where CommandRisk.clusterChanges.contains(subcommand):
      self = .clusterChange(subcommand)
    case ("CLIENT", "KILL"): self = .clientKill
    case ("CLIENT", "PAUSE"): self = .clientPause(command.number(2))
    case ("ACL", "SETUSER") where command.words.count > 3, ("ACL", "LOAD"): self = .changeUsers
    case ("ACL", "DELUSER"): self = .deleteUsers(Array(command.words.dropFirst(2)))
    case ("MODULE", "LOAD"), ("MODULE", "LOADEX"), ("MODULE", "UNLOAD"): self = .module(subcommand)
    default: return nil
    }
  }

  private static func replication(_ command: CommandWords) -> CommandRisk {
    if command.upper(1) == "NO", command.upper(2) == "ONE" {
      return .replicaOf(host: nil, port: nil)
    }
    return .replicaOf(host: command.shown(1), port: command.shown(2))
  }

  /// What a script can do to all keys at once.
  private static let scripted = ["FLUSHALL", "FLUSHDB", "SWAPDB"]

  /// Subcommands of DEBUG that look at one key or at the protocol, and change nothing.
  private static let readingDebug: Set<String> = [
    "OBJECT", "HELP", "PROTOCOL", "SDSLEN", "DIGEST-VALUE", "HTSTATS-KEY",
  ]

  private static let clusterChanges: Set<String> = [
    "ADDSLOTS", "ADDSLOTSRANGE", "BUMPEPOCH", "CANCELSLOTMIGRATIONS", "DELSLOTS", "DELSLOTSRANGE",
    "FAILOVER",
    "FLUSHSLOT", "FLUSHSLOTS", "FORGET", "MEET", "MIGRATESLOTS", "MIGRATION", "REPLICATE",
    "SET-CONFIG-EPOCH",
    "SETSLOT",
  ]
}
