package import RESP

extension Connection {
  /// Which commands of `batch` that our list does not have the server calls reading, as `NAME` or `NAME SUBCOMMAND` in
  /// upper case: those of newer servers and of modules. Asked with COMMAND INFO, and only where there are any; a server
  /// that does not say is taken for a no.
  package func readers(among batch: CommandBatch) async throws(ClientError) -> Set<String> {
    let questions = ReadOnlyGate.questions(about: batch)
    guard !questions.isEmpty else { return [] }
    var asking = CommandBatch()
    asking.add("COMMAND", "INFO", rest: questions.map { Array($0.utf8) })
    let replies = try await send(asking)
    return replies.first.map { ReadOnlyGate.readers(in: $0) } ?? []
  }
}

extension ReadOnlyGate {
  /// The names, for COMMAND INFO, of commands of `batch` that our list does not have: `VCARD`, `CLIENT|REPLY`.
  static func questions(about batch: CommandBatch) -> [String] {
    var questions: [String] = []
    var seen: Set<String> = []
    for position in 0..<batch.count {
      let command = Command(batch, at: position)
      guard !command.isKnown, !isMisflagged(command.name) else { continue }
      let question = containers[command.name] == nil ? command.name : command.keys.first
      guard let question, seen.insert(question).inserted else { continue }
      questions.append(containers[command.name] == nil ? question : "\(command.name)|\(command.subcommand ?? "")")
    }
    return questions
  }

  /// Modules flag these as reading as a whole, with what they change: `CONFIG SET`, `SLOWLOG RESET`.
  private static func isMisflagged(_ name: String) -> Bool {
    [".CONFIG", ".SLOWLOG", ".DEBUG"].contains { name.hasSuffix($0) }
  }

  /// What an answer to COMMAND INFO, or to COMMAND, calls reading.
  package static func readers(in reply: ReplyView) -> Set<String> {
    var readers: Set<String> = []
    for entry in reply.element.children where entry.kind.isAggregate && entry.count > 2 {
      guard !isMisflagged(entry[0].string.uppercased()) else { continue }
      // Since Redis 7.0: the subcommands, each of which has flags of its own.
      let subcommands = entry.count > 9 ? entry[9] : nil
      let parts = subcommands.flatMap { $0.count > 0 ? Array($0.children) : nil } ?? [entry]
      for part in parts where part.count > 2 && isReader(part) {
        readers.insert(part[0].string.split(separator: "|").joined(separator: " ").uppercased())
      }
    }
    return readers
  }

  private static func isReader(_ entry: ReplyView) -> Bool {
    let flags = Set(entry[2].children.map(\.string))
    return flags.contains("readonly") && !flags.contains("write") && !flags.contains("admin")
  }
}
