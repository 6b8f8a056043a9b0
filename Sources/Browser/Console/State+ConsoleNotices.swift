import Canvas
import Requests

/// What the console is told unasked: streams, pushes, the loss of its connection.
extension State {
  mutating func take(_ notice: ConsoleNotice) {
    switch notice {
    case .stream(let status): take(status)
    case .lost(let why, let session):
      if session.queue != nil { console.hasLostTransaction = true }
      console.session.queue = nil
      console.session.isWatching = false
      console.session.isAborted = false
      joinDatabase()
      let what =
        session.queue.map { "the open transaction (\($0.count) queued) is gone with it, nothing of it ran" }
        ?? "no key is watched any more"
      sayInConsole("the console's connection was lost (\(why)): \(what)", .error)
    case .push(let lines):
      takePush(lines)
    }
  }

  /// Lines of pushes that are kept together.
  private static let mostPushLines = 200

  /// Pushes that follow each other are one entry: what the user asked for is not pushed out by them.
  private mutating func takePush(_ lines: [ReplyLine]) {
    guard let last = console.entries.indices.last, console.entries[last].isPush else {
      var entry = entrySaying(nil)
      entry.isPush = true
      entry.isForgotten = true
      entry.lines = 0..<lines.count
      entry.page = ReplyPage(reply: entry.id, start: 0, lines: lines)
      addToConsole(entry, isAsked: false)
      return
    }
    let kept = Array((console.entries[last].page.lines + lines).suffix(Self.mostPushLines))
    console.entries[last].lines = 0..<kept.count
    console.entries[last].page.lines = kept
    scrollConsoleIntoView()
  }

  /// The server that answers now is another one: nothing goes on by itself there.
  mutating func stopRepeating() {
    guard let id = console.running, let index = console.index(of: id), console.entries[index].every != nil else {
      return
    }
    console.entries[index].note("the server is another one now", .warning)
    console.isStopping = true
    if console.nextRunAt != nil { endConsoleRun(id, isStopped: true) }
  }

  mutating func sayInConsole(_ text: String, _ tone: ConsoleEntry.Tone) {
    var entry = entrySaying(text)
    entry.notes = [.init(bytes: Array(text.utf8), tone: tone)]
    addToConsole(entry)
  }

  private mutating func entrySaying(_ text: String?) -> ConsoleEntry {
    defer { console.nextID += 1 }
    let job = ConsoleJob(text: "", words: [], times: 1, every: nil)
    return ConsoleEntry(id: console.nextID, job: job, database: console.session.database, status: .said, at: now)
  }

  /// How a stream stands, or has ended.
  mutating func take(_ status: StreamStatus) {
    guard let index = console.index(of: status.id) else { return }
    switch console.entries[index].status {
    // The first word of what came may be here before the answer that it is a stream.
    case .running: break
    case .streaming(let before) where before.end == nil: break
    default: return
    }
    console.entries[index].status = .streaming(status)
    let old = console.entries[index].lines
    let first = consoleRows.row(ofLine: old.lowerBound, entry: index)
    console.entries[index].lines = status.dropped..<status.received
    if !console.pane.followsEnd {
      // What came stands behind the old lines, what was dropped before them.
      moveConsole(behind: first + old.count, by: status.received - old.upperBound)
      moveConsole(behind: first, by: old.lowerBound - status.dropped)
    }
    // Whoever reads in what came before keeps it.
    if console.pane.followsEnd || console.entries[index].page.lines.isEmpty {
      console.entries[index].page = ReplyPage(
        reply: status.id, start: status.received - status.tail.count, lines: status.tail)
    }
    if let end = status.end {
      console.entries[index].note(
        "\(end) after \(Format.count(status.messages)) \(status.messages == 1 ? "message" : "messages")", .plain)
      endConsoleRun(status.id, isStopped: true)
    }
    scrollConsoleIntoView()
  }
}
