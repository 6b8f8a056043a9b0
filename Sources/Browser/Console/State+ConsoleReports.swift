import Canvas
import Commands
import Keyspace
import Requests

/// What the Store answers to the console.
extension State {
  mutating func take(_ answer: ConsoleAnswer) {
    switch answer {
    case .commands(let table): console.table = table
    case .impact(let impact): take(impact)
    case .ran(let report): take(report)
    case .stream(let status): take(status)
    case .lines(let page): take(page)
    case .found(let place): takeFound(place)
    case .document(let bytes, let form): take(document: bytes, form)
    case .saved(let path, let bytes):
      say(Array("\(Format.count(bytes)) bytes written to ".utf8) + Array(path.utf8), .plain)
    case .names(let names): takeCompletion(of: names)
    }
  }

  /// What a risky command would hit: the question opens, Cancel first.
  private mutating func take(_ impact: CommandImpact) {
    guard let id = console.running, let index = console.index(of: id), console.entries[index].status == .asking else {
      return
    }
    guard !impact.isSlight else {
      send(id)
      return
    }
    switch overlay {
    // What is typed there, or asked, is not given up for this.
    case .form?, .names?, .dialog?:
      refuse(id, "something else was being asked when it was to be")
      return
    default: break
    }
    let words = console.entries[index].words
    let isQueued = console.session.queue != nil
    let queued = isQueued ? [Array("It is only queued now; EXEC carries it out.".utf8)] : []
    var dialog = Dialog(
      title: "send it?", lines: queued + impact.lines, commands: [CommandSecrets.shown(words)],
      buttons: [.init("[Cancel]", .console(id, isSent: false)), .init("[Send]", .console(id, isSent: true))],
      openedAt: now)
    if isProduction, CommandRisk(words: words)?.endsAll == true {
      dialog.lines.append(sizeOfDatabase)
      dialog.demanded = serverName
      dialog.demands = .serverName
    }
    open(dialog)
  }

  /// What a production server has to lose.
  private var sizeOfDatabase: [UInt8] {
    let keys = header.server?.keys.map { "\(Format.count($0)) \($0 == 1 ? "key" : "keys")" }
    return Array("\(serverName) is production: db\(database) holds \(keys ?? "an unknown number of keys").".utf8)
  }

  /// The answer to the question.
  mutating func answerConsole(_ id: Int, isSent: Bool) {
    guard console.running == id else { return }
    if isSent {
      send(id)
      return
    }
    refuse(id, "cancelled")
  }

  private mutating func refuse(_ id: Int, _ why: String) {
    set(id) { entry in
      entry.status = .notSent(why: Array(why.utf8), nextStep: "Enter asks again")
      Self.tellOutcome(in: &entry)
    }
    endConsoleRun(id, isStopped: true)
  }

  private mutating func take(_ report: ConsoleReport) {
    guard let index = console.index(of: report.id) else { return }
    // What it has brought is here already.
    if case .streaming = report.outcome, case .streaming = console.entries[index].status { return }
    let effect = ConnectionEffect(words: console.entries[index].words)
    let before = console.session
    console.session = report.session
    var entry = console.entries[index]
    if entry.every != nil, entry.runs > 0 { entry.changed = Self.changes(from: entry.page, to: report) }
    entry.runs += 1
    entry.microseconds = report.microseconds
    entry.lines = 0..<report.lineCount
    entry.page = ReplyPage(reply: entry.id, start: 0, lines: report.head)
    entry.notes = report.notes.map { ConsoleEntry.Note(bytes: Array($0.utf8), tone: .warning) }
    var isFine = false
    switch report.outcome {
    case .replied(let replies, let errors, let firstError):
      entry.status = .replied(errors: errors)
      isFine = errors == 0
      if replies < entry.times, entry.every == nil {
        entry.note("stopped after \(Format.count(replies)) of \(Format.count(entry.times))", .warning)
      }
      if let firstError { explain(firstError, in: &entry) }
    case .streaming:
      entry.status = .streaming(StreamStatus(id: entry.id))
      isFine = true
    case .notSent(let why, let nextStep): entry.status = .notSent(why: why, nextStep: nextStep)
    case .unknown(let why): entry.status = .unknown(why: why)
    }
    if before.queue != nil, report.session.queue == nil, !Self.endsTransaction(effect) {
      console.hasLostTransaction = true
      isFine = false
    }
    Self.tellOutcome(in: &entry)
    console.entries[index] = entry
    if let written = report.written.first {
      console.written = WrittenKey(name: written, database: report.session.database)
    }
    scrollConsole(to: entry)
    if report.changesEverything, report.session.database == database { ask(.scan, .rescan) }
    if Self.selects(effect), report.session.database != before.database {
      let movedTo = report.session.database
      if movedTo != database || owed.contains(.database) { ask(.database, .select(database: movedTo)) }
    } else {
      joinDatabase()
    }
    if case .streaming = entry.status { return }
    endConsoleRun(report.id, isStopped: !isFine)
  }

  /// Only these take the screen along; any other has worked in the database that it was sent to.
  private static func selects(_ effect: ConnectionEffect?) -> Bool {
    switch effect {
    case .select, .exec, .reset: true
    default: false
    }
  }

  private static func endsTransaction(_ effect: ConnectionEffect?) -> Bool {
    switch effect {
    case .exec, .discard, .reset, .quit: true
    default: false
    }
  }

  /// Outside a transaction the console works in the database that the screen shows.
  mutating func joinDatabase() {
    guard console.session.queue == nil, !owed.contains(.database) else { return }
    console.session.database = database
  }

  /// What became of it, in words, where no reply says it.
  private static func tellOutcome(in entry: inout ConsoleEntry) {
    switch entry.status {
    case .notSent(let why, let nextStep):
      entry.notes.insert(
        .init(bytes: Array("not sent: ".utf8) + why + Array(". \(nextStep).".utf8), tone: .error), at: 0)
    case .unknown(let why): entry.notes.insert(.init(bytes: why, tone: .error), at: 0)
    default: break
    }
  }

  /// What helps with an error of the server's.
  private func explain(_ error: [UInt8], in entry: inout ConsoleEntry) {
    let text = String(decoding: error, as: UTF8.self)
    let name = entry.words.first.map { String(decoding: $0, as: UTF8.self).uppercased() } ?? ""
    if text.lowercased().contains("unknown command") || text.lowercased().contains("unknown subcommand") {
      let words = entry.words.prefix(2).map { String(decoding: $0, as: UTF8.self).uppercased() }
      let typed = console.table.isContainer(name) ? words.joined(separator: " ") : name
      if let meant = console.table.suggestion(for: typed) { entry.note("did you mean \(meant)?", .warning) }
    } else if text.contains("wrong number of arguments"), let (spec, _) = console.table.match(entry.words) {
      entry.note("\(spec.name) \(spec.syntax)", .warning)
    } else if text.hasPrefix("NOPERM"), let (spec, _) = console.table.match(entry.words),
      text.contains("to run")
    {
      entry.note("the missing rule: +\(spec.name.lowercased().replacing(" ", with: "|"))", .warning)
    } else if let hint = ServerCode(errorText: error)?.hint(header.server) {
      entry.note(hint)
    }
  }

  /// Lines at the beginning that are not what they were.
  private static func changes(from old: ReplyPage, to report: ConsoleReport) -> Set<Int> {
    guard old.start == 0 else { return [] }
    return Set(
      report.head.indices.filter { index in
        !old.lines.indices.contains(index) || old.lines[index] != report.head[index]
      })
  }

  /// The Store could not answer at all.
  mutating func takeConsoleFailure(_ failure: Failure) {
    guard let id = console.running else { return say(failure) }
    set(id) { $0.status = .notSent(why: failure.why, nextStep: failure.nextStep) }
    set(id) { Self.tellOutcome(in: &$0) }
    endConsoleRun(id, isStopped: true)
  }
}
