/// Words of a command that are, or may be, secrets.
package enum CommandSecrets {
  /// The places of words that are not to be shown, in order. A count and an interval may stand before the command.
  package static func places(in words: [[UInt8]]) -> [Int] {
    let lead = RepetitionLead(words).words
    return places(in: CommandWords(Array(words.dropFirst(lead)))).map { $0 + lead }.filter { $0 < words.count }.sorted()
  }

  /// Whether the command belongs into no history. These are the commands that redis-cli keeps out of its own, complete
  /// or not.
  package static func isSensitive(_ words: [[UInt8]]) -> Bool {
    if !places(in: words).isEmpty { return true }
    let command = CommandWords(Array(words.dropFirst(RepetitionLead(words).words)))
    // What a script does with a password is its own matter; that there is one is enough.
    if command.upper(0) == "EVAL", Self.scripted.contains(where: { command.upper(1).contains($0) }) { return true }
    return command.upper(0) == "AUTH"
      || (command.upper(0) == "ACL" && users.contains(command.upper(1)))
  }

  private static let scripted = ["SETUSER", "REQUIREPASS", "MASTERAUTH", "'AUTH'", "\"AUTH\""]

  private static let users: Set<String> = ["SETUSER", "GETUSER", "DELUSER"]

  private static let parameters: Set<String> = [
    "REQUIREPASS", "MASTERAUTH", "MASTERUSER", "PRIMARYAUTH", "PRIMARYUSER", "TLS-KEY-FILE-PASS",
    "TLS-CLIENT-KEY-FILE-PASS",
  ]

  private static let sentinelParameters: Set<String> = [
    "AUTH-PASS", "AUTH-USER", "SENTINEL-PASS", "SENTINEL-USER",
  ]

  private static func places(in command: CommandWords) -> [Int] {
    let count = command.words.count
    switch (command.upper(0), command.upper(1)) {
    case ("AUTH", _): return Array(1..<max(1, count))
    case ("ACL", "SETUSER"): return (3..<max(3, count)).filter { command.isPasswordRule($0) }
    case ("CONFIG", "SET"): return values(of: parameters, in: command, from: 2)
    case ("HELLO", _):
      return (2..<max(2, count)).first { command.upper($0) == "AUTH" }.map {
        [$0 + 1, $0 + 2].filter { $0 < count }
      }
        ?? []
    case ("MIGRATE", _): return migration(command)
    case ("SENTINEL", "SET"): return values(of: sentinelParameters, in: command, from: 3)
    case ("SENTINEL", "CONFIG") where command.upper(2) == "SET":
      return values(of: sentinelParameters, in: command, from: 3)
    default: return []
    }
  }

  private static func values(of names: Set<String>, in command: CommandWords, from place: Int)
    -> [Int]
  {
    command.everySecond(from: place).filter {
      names.contains(command.upper($0)) && $0 + 1 < command.words.count
    }
    .map { $0 + 1 }
  }

  /// Behind host, port, key, database and timeout, and before the key names.
  private static func migration(_ command: CommandWords) -> [Int] {
    var place = 6
    while place < command.words.count {
      switch command.upper(place) {
      case "AUTH": return [place + 1].filter { $0 < command.words.count }
      case "AUTH2": return [place + 1, place + 2].filter { $0 < command.words.count }
      case "KEYS": return []
      default: place += 1
      }
    }
    return []
  }
}
