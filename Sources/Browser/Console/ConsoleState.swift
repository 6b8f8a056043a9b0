import Canvas
package import Commands
import Keyspace
package import Requests

/// The console: a line to the server, and what came back.
package struct ConsoleState: Sendable {
  package enum Focus: Sendable, Equatable {
    /// Keys are typed into the line.
    case input
    /// Keys move in what came back.
    case pane
  }

  /// nil: the keys are the browser's.
  package var focus: Focus?
  /// Since when keys are typed into the line, monotonic ms.
  var lineSince: Int64?
  package var input = TextField()
  var walk = HistoryWalk()
  /// What was sent before, newest first: of earlier runs too, on this server.
  var history: [String] = []
  var isHistoryLoaded = false
  var search: HistorySearch?
  var completion: CompletionMenu?
  var keyCompletion: KeyCompletion?

  /// What is known of the server's commands.
  package var table = CommandTable.builtIn
  /// The server was asked for them.
  var isTableAsked = false
  /// How its connection stands; its database is that of the next command.
  package var session: ConsoleSession

  package var entries: [ConsoleEntry] = []
  var nextID = 1
  /// What Enter has taken and not sent yet: the rest of several lines.
  var waiting: [ConsoleJob] = []
  /// The entry of the command that is under way, or that comes again and again.
  package var running: Int?
  /// When it comes again, monotonic ms.
  var nextRunAt: Int64?
  /// A transaction was lost, and the user has not shown yet that they know: the next Enter only says so.
  var hasLostTransaction = false
  /// Esc was pressed: it comes no more.
  var isStopping = false

  package var pane = ConsolePane()
  /// What the document is for that was asked for.
  var documentUse: State.DocumentUse?
  /// What the last command that may have written was about: Esc goes there.
  var written: WrittenKey?

  init(database: Int) { session = ConsoleSession(database: database) }

  /// The entry of this number, if it is still there.
  func index(of id: Int) -> Int? { entries.firstIndex { $0.id == id } }
}

struct WrittenKey: Sendable, Equatable {
  var name: KeyName
  var database: Int
}

/// A command that Enter has taken.
struct ConsoleJob: Sendable, Equatable {
  /// As it was typed.
  var text: String
  var words: [[UInt8]]
  var times: Int
  /// Ms between two runs; nil: once.
  var every: Int?
}

/// What came back, and where one is in it.
package struct ConsolePane: Sendable, Equatable {
  /// There is something to show, and it was not closed.
  package var isShown = false
  /// It stays when the keys go back to the browser.
  package var stays = false
  package var isZoomed = false
  /// A cursor and a first visible row over all rows of all entries.
  package var viewport = Viewport()
  /// New rows at the end scroll it on.
  var followsEnd = true
  /// Cells scrolled away at the left.
  package var column = 0
  /// What was searched for last.
  var search: [UInt8] = []
  /// A string of a reply, or a whole reply, alone.
  package var detail: ConsoleDetail?
}

package struct ConsoleDetail: Sendable, Equatable {
  package var title: [UInt8]
  package var view: StringView
}
