/// Commands that do not fit exec, where each command has one reply.
enum UnfitCommand {
  /// Why this one does not fit, as `MONITOR has no end, and exec prints one reply`; nil where it does.
  static func reason(_ words: [[UInt8]], isInFile: Bool = false) -> String? {
    let need = isInFile ? "exec -f waits for a reply to each command" : "exec prints one reply"
    let names = words.prefix(3).map { String(decoding: $0.prefix(32), as: UTF8.self).uppercased() }
    guard let name = names.first else { return nil }
    if endless.contains(name) { return "\(name) has no end, and \(need)" }
    // On RESP3 the answer comes as pushes.
    if leaving.contains(name) { return "\(name) has no reply of its own, and \(need)" }
    if name == "CLIENT", names.count == 3, names[1] == "REPLY", names[2] == "OFF" || names[2] == "SKIP" {
      return "CLIENT REPLY \(names[2]) keeps replies back, and \(need)"
    }
    return nil
  }

  /// Why a file cannot go on behind this command, as `QUIT ends the connection`; nil where it can.
  static func ending(_ words: [[UInt8]]) -> String? {
    switch words.first.map({ String(decoding: $0.prefix(32), as: UTF8.self).uppercased() }) {
    case "QUIT": "QUIT ends the connection"
    // What comes behind it would not go where the command line says.
    case "RESET": "RESET undoes the login, the database and the protocol"
    default: nil
    }
  }

  private static let endless: Set<String> = ["SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "MONITOR", "SYNC", "PSYNC"]
  private static let leaving: Set<String> = ["UNSUBSCRIBE", "PUNSUBSCRIBE", "SUNSUBSCRIBE"]
}
