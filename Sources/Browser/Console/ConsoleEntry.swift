import Canvas
import Commands
import Keyspace
package import Requests

/// A command in the console, and what became of it.
package struct ConsoleEntry: Sendable, Equatable {
  package enum Status: Sendable, Equatable {
    /// What it would hit is being asked, or the user is.
    case asking
    /// Sent, and not answered yet.
    case running
    case replied(errors: Int)
    case notSent(why: [UInt8], nextStep: String)
    /// It left, and its reply cannot come any more.
    case unknown(why: [UInt8])
    case streaming(StreamStatus)
    /// No command: something that the console has to say.
    case said
  }

  package enum Tone: Sendable, Equatable {
    case plain
    case warning
    case error
  }

  package struct Note: Sendable, Equatable {
    package var bytes: [UInt8]
    package var tone: Tone
  }

  package var id: Int
  package var database: Int
  /// As it was typed, but for secrets.
  package var text: String
  /// As it was typed.
  let typed: String
  var words: [[UInt8]]
  package var times: Int
  package var every: Int?
  /// Inside a transaction.
  var isInTransaction = false
  package var status: Status
  /// Monotonic ms.
  package var sentAt: Int64
  package var microseconds = 0
  /// How often it ran.
  package var runs = 0
  /// Numbers of the first line that is kept, and of the one behind the last.
  package var lines: Range<Int> = 0..<0
  /// Those that are at hand.
  package var page: ReplyPage
  /// Lines that the run before had otherwise, with `every`.
  package var changed: Set<Int> = []
  package var notes: [Note] = []
  /// Pushes that nobody asked for with a command.
  var isPush = false
  /// Its reply is kept no more, or what of it was asked for is not there.
  var isForgotten = false

  init(id: Int, job: ConsoleJob, database: Int, status: Status, at now: Int64) {
    self.id = id
    self.database = database
    typed = job.text
    text = CommandSecrets.places(in: job.words).isEmpty ? job.text : CommandText.line(CommandSecrets.shown(job.words))
    words = job.words
    times = job.times
    every = job.every
    self.status = status
    sentAt = now
    page = ReplyPage(reply: id, start: 0, lines: [])
  }

  /// A line of the reply, if it is at hand.
  package func line(_ number: Int) -> ReplyLine? {
    let index = number - page.start
    return page.lines.indices.contains(index) ? page.lines[index] : nil
  }

  package var isStreaming: Bool {
    if case .streaming(let status) = status { status.end == nil } else { false }
  }

  /// It can be searched, copied and opened.
  var hasReply: Bool { !lines.isEmpty && !isForgotten }

  /// It comes no more: what has changed last is no news any more.
  mutating func endRepetition() {
    guard every != nil, runs > 0 else { return }
    changed = []
    note("ended after \(Format.count(runs)) \(runs == 1 ? "run" : "runs")")
  }

  mutating func note(_ text: String, _ tone: Tone = .plain) {
    notes.append(Note(bytes: Array(text.utf8), tone: tone))
  }
}

/// One row of the pane.
package enum ConsoleRow: Sendable, Equatable {
  case command(entry: Int, line: Int)
  case reply(entry: Int, line: Int)
  case note(entry: Int, note: Int, part: Int)
}

/// Where the rows of the pane lie: entries are counted, not laid out.
struct ConsoleRows {
  private let entries: [ConsoleEntry]
  private let width: Int
  /// The first row of each entry; one more at the end: the number of rows.
  private(set) var starts: [Int] = [0]

  init(_ entries: [ConsoleEntry], width: Int) {
    self.entries = entries
    self.width = max(8, width)
    for entry in entries { starts.append((starts.last ?? 0) + height(of: entry)) }
  }

  var count: Int { starts.last ?? 0 }

  /// Of a note its lines, as they are shown.
  static func parts(of note: ConsoleEntry.Note, width: Int) -> [DisplayText] {
    Escape.display(note.bytes, limit: 20 * max(8, width)).wrappedAtBlanks(to: max(8, width))
  }

  static func commandLines(of entry: ConsoleEntry) -> [Substring] {
    entry.status == .said ? [] : entry.text.split(separator: "\n", omittingEmptySubsequences: false)
  }

  private func height(of entry: ConsoleEntry) -> Int {
    let notes = entry.notes.reduce(0) { $0 + Self.parts(of: $1, width: width).count }
    return Self.commandLines(of: entry).count + entry.lines.count + notes
  }

  /// What stands on a row; nil beyond the end.
  subscript(row: Int) -> ConsoleRow? {
    guard row >= 0, row < count else { return nil }
    let entry = (starts.lastIndex { $0 <= row } ?? 0)
    var rest = row - starts[entry]
    let commands = Self.commandLines(of: entries[entry]).count
    if rest < commands { return .command(entry: entry, line: rest) }
    rest -= commands
    if rest < entries[entry].lines.count { return .reply(entry: entry, line: entries[entry].lines.lowerBound + rest) }
    rest -= entries[entry].lines.count
    for (index, note) in entries[entry].notes.enumerated() {
      let parts = Self.parts(of: note, width: width).count
      if rest < parts { return .note(entry: entry, note: index, part: rest) }
      rest -= parts
    }
    return nil
  }

  /// The row of a line of a reply.
  func row(ofLine line: Int, entry: Int) -> Int {
    starts[entry] + Self.commandLines(of: entries[entry]).count + line - entries[entry].lines.lowerBound
  }
}
