internal import Commands
internal import Keyspace
internal import RESP
internal import RedisClient
internal import Requests

/// What a command of the console's did besides answering: to its connection, and to keys.
extension Store {
  /// Notes how the connection stands after these replies, and what must be said of that.
  ///
  /// - Returns: the commands that an EXEC has carried out.
  func takeEffects(
    of replies: [ReplyView], _ command: ConsoleCommand, on connection: Connection, in report: inout ConsoleReport
  ) -> [[[UInt8]]] {
    let effect = ConnectionEffect(words: command.words)
    var executed: [[[UInt8]]] = []
    for reply in replies.lazy.map(\.element) {
      if effect == .exec, let queue = console.session.queue {
        executed += takeExec(reply, of: queue, in: &report)
      } else {
        console.session.take(reply, to: command.words, effect)
      }
    }
    guard let last = replies.last?.element, !last.isError else { return executed }
    switch effect {
    case .reset where last.string == "RESET":
      // It has left RESP3, the user and the database: a fresh connection has them again.
      report.notes.append("the connection was reset: the next command goes out on a fresh one, logged in as at first")
      connection.close()
      console.disconnect()
    case .quit:
      report.notes.append("the console's connection is closed; the next command opens another")
      connection.close()
      console.disconnect()
    case .authenticate, .hello(_, authenticates: true):
      if last.string != "QUEUED" { report.notes.append(Self.otherUser) }
    default: break
    }
    return executed
  }

  private static let otherUser = "only the console works as this user, until its connection ends"

  /// - Returns: those of the queue that were carried out.
  private func takeExec(_ reply: ReplyView, of queue: [[[UInt8]]], in report: inout ConsoleReport) -> [[[UInt8]]] {
    console.session.endTransaction()
    guard !reply.isError else {
      if reply.errorCode == "EXECABORT" {
        report.notes.append("nothing was carried out: a command was refused when it was queued")
      }
      return []
    }
    guard !reply.isNull else {
      report.notes.append("nothing was carried out: a watched key was changed by someone")
      return []
    }
    let results = Array(reply.children.map(\.element))
    let failed = results.count(where: \.isError)
    if failed > 0 {
      report.notes.append(
        failed == results.count
          ? "all \(failed) failed" : "\(failed) of \(results.count) failed; the others were carried out and stay so")
    }
    let executed = zip(queue, results).filter { !$0.1.isError }.map(\.0)
    for words in executed {
      switch ConnectionEffect(words: words) {
      case .select(let database?): console.session.database = database
      case .authenticate, .hello(_, authenticates: true): report.notes.append(Self.otherUser)
      default: break
      }
    }
    return executed
  }

  /// The connection went while the command was under way, or right behind its reply, and with it what was open there.
  func leaveLostConnection(in report: inout ConsoleReport) {
    let session = console.session
    console.disconnect()
    if session.queue != nil {
      // Of a command without a reply the outcome says it, and an EXEC may have been carried out.
      guard case .replied = report.outcome else { return }
      report.notes.append("the connection was lost then, and its transaction with it: nothing of it ran")
    } else if session.isWatching {
      report.notes.append("the connection was lost: no key is watched any more")
    }
  }
}

extension ConsoleSession {
  /// Notes what a reply says of the connection.
  ///
  /// - Parameter effect: of the command; EXEC's is noted elsewhere.
  mutating func take(_ reply: ReplyView, to words: [[UInt8]], _ effect: ConnectionEffect?) {
    if queue != nil {
      if reply.kind == .simpleString, reply.string == "QUEUED" {
        queue?.append(words)
      } else if reply.isError {
        // Whatever is refused when it is queued dooms the transaction, but for what could not be queued anyway.
        isAborted = isAborted || !Self.isHarmless(reply)
      } else if effect == .discard {
        endTransaction()
      }
      return
    }
    guard !reply.isError else { return }
    switch effect {
    case .multi: queue = []
    case .watch: isWatching = true
    case .unwatch: isWatching = false
    case .select(let database?): self.database = database
    default: break
    }
  }

  mutating func endTransaction() {
    queue = nil
    isAborted = false
    isWatching = false
  }

  /// MULTI and WATCH inside a transaction, where they are answered at once and change nothing.
  private static func isHarmless(_ error: ReplyView) -> Bool {
    error.string.contains("can not be nested") || error.string.contains("WATCH inside MULTI")
  }
}

extension Store {
  /// Keys that were written are read again, and listed where they are new.
  func followChanges(of commands: [[[UInt8]]], in report: inout ConsoleReport) async {
    var names: [KeyName] = []
    for words in commands {
      guard let (spec, _) = console.table.match(words) else { continue }
      let name = spec.name
      // A script says which keys it is about, not whether it writes them.
      let mayWrite = spec.flags.contains("write") || name.hasPrefix("EVAL") || name.hasPrefix("FCALL")
      if Self.changingEverything.contains(name) { report.changesEverything = true }
      guard mayWrite, !spec.flags.contains("readonly"), names.count < Self.followedKeys else { continue }
      names += console.table.keys(of: words).prefix(Self.followedKeys).map { KeyName($0) }
    }
    guard !names.isEmpty else { return }
    report.written = Array(names.prefix(16))
    guard console.session.database == database else { return }
    // Noted before they are read, or what is read of them would count as old.
    takeChanged(names)
    await learnUnlisted(names)
  }

  /// Keys of one command that are followed.
  private static let followedKeys = 1_000

  private static let changingEverything: Set<String> = ["FLUSHALL", "FLUSHDB", "SWAPDB", "RESTORE", "MIGRATE", "MOVE"]
}
