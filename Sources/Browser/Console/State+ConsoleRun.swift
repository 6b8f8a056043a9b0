import Canvas
import Commands
import Keyspace
import Requests

/// From Enter to the server and back.
extension State {
  /// Entries that the pane keeps.
  private static let mostEntries = 200

  /// Enter: what stands in the line is sent, one command a line; where a line is no command, nothing is.
  mutating func submitConsole() {
    let text = console.input.text
    guard !text.allSatisfy(\.isWhitespace) else {
      if console.pane.isShown { scrollConsoleToEnd() }
      return
    }
    guard console.running == nil else {
      say("a command is under way: Esc stops it; what you typed stays in the line", .warning)
      return
    }
    var jobs: [ConsoleJob] = []
    for line in CommandLines.split(text) {
      switch job(of: String(line)) {
      case .success(let job): jobs.append(job)
      case .failure(let mistake):
        say(Array((jobs.isEmpty ? "" : "line \(jobs.count + 1): ").utf8) + Array(mistake.text.utf8), .warning)
        return
      }
    }
    guard !jobs.isEmpty else {
      say("a line that begins with # is a comment: nothing was sent")
      return
    }
    guard !holdsBackAfterLoss(jobs) else { return }
    if jobs.count == 1, answerHere(jobs[0].words) { return }
    remember(line: text, words: jobs.map(\.words))
    console.input = TextField()
    console.walk = HistoryWalk()
    console.waiting = jobs
    inputChanged()
    advanceConsole()
  }

  /// What was typed for a transaction must not run outside of it because that was lost meanwhile.
  private mutating func holdsBackAfterLoss(_ jobs: [ConsoleJob]) -> Bool {
    guard console.hasLostTransaction else { return false }
    console.hasLostTransaction = false
    if case .multi? = ConnectionEffect(words: jobs[0].words) { return false }
    say("the transaction is gone, nothing was sent: Enter again sends it outside of one", .warning)
    return true
  }

  private struct LineMistake: Error {
    var text: String
  }

  private func job(of line: String) -> Result<ConsoleJob, LineMistake> {
    let split = SplitLine(line)
    switch split.mistake {
    case .openQuote(let place): return .failure(LineMistake(text: unbalanced(line, place, "is never closed")))
    case .textBehindQuote(let place):
      return .failure(LineMistake(text: unbalanced(line, place, "has text right behind it: a blank must follow")))
    case nil: break
    }
    switch Repetition.take(from: split.words.map(\.bytes)) {
    case .failure(let mistake): return .failure(LineMistake(text: mistake.text))
    case .success(let taken):
      let times = taken.0?.count ?? 1
      let every = taken.0?.every
      guard times <= Repetition.mostAtOnce || every != nil else {
        return .failure(
          LineMistake(
            text:
              "nothing was sent: at most \(Format.count(Repetition.mostAtOnce)) times at once; with every 1s, without end"
          )
        )
      }
      return .success(ConsoleJob(text: line, words: taken.rest, times: times, every: every))
    }
  }

  /// Where in the line a quote stands alone.
  private func unbalanced(_ line: String, _ place: Int, _ what: String) -> String {
    let before = line.utf8.prefix(place)
    let around = line.utf8.dropFirst(place).prefix(24)
    let column = String(decoding: before, as: UTF8.self).count + 1
    let rest = Escape.string(Array(around), context: .value)
    return "the quote at column \(column) \(what): \(rest); nothing was sent"
  }

  /// Takes the next command of those that Enter has taken.
  mutating func advanceConsole() {
    guard console.running == nil, !console.waiting.isEmpty else { return }
    let job = console.waiting.removeFirst()
    var entry = ConsoleEntry(
      id: console.nextID, job: job, database: console.session.database, status: .running, at: now)
    entry.isInTransaction = console.session.queue != nil
    console.nextID += 1
    addToConsole(entry)
    console.running = entry.id
    console.isStopping = false
    // What read-only mode refuses needs no question.
    if let risk = CommandRisk(words: job.words), !isReadOnly || risk.onlyReads {
      set(entry.id) { $0.status = .asking }
      ask(.console, .console(.assess(risk, database: console.session.database)))
    } else {
      send(entry.id)
    }
  }

  /// Sends the command of an entry, for the first time or once more.
  mutating func send(_ id: Int) {
    guard let index = console.index(of: id) else { return }
    console.entries[index].status = .running
    console.entries[index].sentAt = now
    console.nextRunAt = nil
    let entry = console.entries[index]
    ask(
      .console,
      .console(
        .run(
          ConsoleCommand(
            id: id, words: entry.words, times: entry.every == nil ? entry.times : 1, database: entry.database,
            isInTransaction: entry.isInTransaction, oldest: console.entries.first?.id ?? id))))
  }

  /// - Parameter isAsked: the user did something for it; else whoever reads in what came before goes on reading.
  mutating func addToConsole(_ entry: ConsoleEntry, isAsked: Bool = true) {
    console.entries.append(entry)
    forgetOldEntries()
    console.pane.isShown = true
    if isAsked { console.pane.followsEnd = true }
    resize(to: size)
    scrollConsoleIntoView()
  }

  /// What is under way is no old one, whatever has come since.
  private mutating func forgetOldEntries() {
    while console.entries.count > Self.mostEntries,
      let oldest = console.entries.firstIndex(where: { $0.id != console.running })
    {
      let starts = consoleRows.starts
      console.entries.remove(at: oldest)
      moveConsole(behind: starts[oldest], by: starts[oldest] - starts[oldest + 1])
    }
  }

  mutating func set(_ id: Int, _ change: (inout ConsoleEntry) -> Void) {
    guard let index = console.index(of: id) else { return }
    change(&console.entries[index])
  }

  /// The command has ended, for now. What follows it is sent, unless it failed.
  mutating func endConsoleRun(_ id: Int, isStopped: Bool) {
    guard console.running == id else { return }
    if let index = console.index(of: id), let every = console.entries[index].every, !console.isStopping, !isStopped {
      let isDone = console.entries[index].times > 1 && console.entries[index].runs >= console.entries[index].times
      if !isDone {
        console.nextRunAt = console.entries[index].sentAt + Int64(every)
        return
      }
    }
    // Whoever has pressed Esc wants none of the rest either, however this one ended.
    let isStopped = isStopped || console.isStopping
    set(id) { $0.endRepetition() }
    console.running = nil
    console.nextRunAt = nil
    if console.isStopping { message = nil }
    console.isStopping = false
    guard isStopped, !console.waiting.isEmpty || isTypedAgain(id) else {
      advanceConsole()
      return
    }
    giveBack(id)
  }

  /// The user did not want it after all: it goes back into the line.
  private func isTypedAgain(_ id: Int) -> Bool {
    guard let index = console.index(of: id), case .notSent = console.entries[index].status else { return false }
    return console.input.text.isEmpty
  }

  /// What was not sent stands in the line again.
  private mutating func giveBack(_ id: Int) {
    var lines = console.waiting.map(\.text)
    if let index = console.index(of: id), case .notSent = console.entries[index].status {
      lines.insert(console.entries[index].typed, at: 0)
    }
    if !console.waiting.isEmpty {
      say("stopped there: what was not sent stands in the line again", .warning)
    }
    console.waiting = []
    let typed = console.input.text
    let text = (lines + (typed.isEmpty ? [] : [typed])).joined(separator: "\n")
    console.input = TextField(text, isMultiline: text.contains("\n"))
    inputChanged()
  }

  /// Esc while something runs.
  mutating func stopConsole() {
    guard let id = console.running, let index = console.index(of: id) else { return }
    // What comes again and again ends with the reply that is under way; pressed once more, Esc does not wait for that.
    let waits = console.entries[index].every != nil && !console.isStopping
    console.isStopping = true
    if console.nextRunAt != nil {
      endConsoleRun(id, isStopped: true)
      return
    }
    switch console.entries[index].status {
    case .streaming: ask(.consoleControl, .console(.endStream))
    case .asking: answerConsole(id, isSent: false)
    case .running where waits: say("stopping it …")
    default:
      ask(.consoleControl, .console(.cancel))
      say("stopping it …")
    }
  }

  /// `every`: it is time again.
  mutating func repeatConsole() {
    guard pause == nil, let due = console.nextRunAt, now >= due, let id = console.running, link == .connected else {
      return
    }
    send(id)
  }
}
