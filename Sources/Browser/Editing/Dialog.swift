package import Requests

/// A question before something is destroyed or given up. Cancel has the focus; what was typed before it was drawn, and
/// within 150 ms after, is dropped.
package struct Dialog: Sendable, Equatable {
  package struct Button: Sendable, Equatable {
    /// With its brackets: `[Cancel]`.
    package var title: String
    package var choice: Choice

    package init(_ title: String, _ choice: Choice) {
      self.title = title
      self.choice = choice
    }
  }

  package enum Choice: Sendable, Equatable {
    case cancel
    /// Send these edits as one write.
    case write([Edit])
    /// Send the plan of this form, which is about many keys.
    case bulk(Form)
    /// The same TTL for those of the keys that were given another one meanwhile.
    case bulkAgain([Edit], adds: Bool)
    /// Send this edit; where it is not applied, go back to this form.
    case replace(Edit, Form)
    /// Go back to this form.
    case form(Form)
    /// Give up the form that asked.
    case discard
    /// Leave the program.
    case quit
    /// Try the undo (or redo) that did not work in another way.
    case undo(UndoWay, isRedo: Bool)
    /// Send the command of this entry of the console, or do not.
    case console(Int, isSent: Bool)
    /// Kill this client, unless the connection was made anew since.
    case kill(client: Int, session: Int)
    /// Read the size of every key.
    case readAllSizes
    /// Back to the screen of connections.
    case servers
    /// Leave this server for another.
    case connect(ServerPlace)
    /// Unlock a production server, and go back to this form.
    case unlock(Form?)
    /// Run this Compose command.
    case runCompose(ComposeCommand)
    /// Start this service of the Compose project, and leave this server for it.
    case connectCompose(String)
    /// Stop the Compose command that is running, and leave.
    case stopCompose(ComposeLeaving)
  }

  package enum ComposeLeaving: Sendable, Equatable {
    case program
    /// For the screen of connections, or for where one was before.
    case screen(isServers: Bool)
  }

  package enum Demand: Sendable, Equatable {
    case keyCount
    case serverName

    var words: String {
      switch self {
      case .keyCount: "the number of keys"
      case .serverName: "the name of the server"
      }
    }
  }

  package var title: String
  /// May hold bytes of the server; escaped when drawn, wrapped.
  package var lines: [[UInt8]]
  /// Lines that can go first where the screen is too low.
  package var details: Range<Int> = 0..<0
  /// What the chosen edits will run, as words; at most a few of many are shown.
  package var commands: [[[UInt8]]]
  /// A command of the shell that it is about, and the word over it.
  package var shellWords: [String] = []
  var shellTitle = "will run"
  /// How many more edits run a command like these.
  package var more = 0
  /// The first is `[Cancel]`, or what comes nearest to it.
  package var buttons: [Button]
  package var focus = 0
  /// The focus went there by itself, when the number was typed: Tab, pressed to get there, stays there.
  var isFocusMoved = false
  /// Must be typed before any button but the first works: the number of keys, above ten, or the name of a production
  /// server.
  package var demanded: String?
  package var demands = Demand.keyCount
  package var field = TextField()
  /// What is about to be destroyed is being asked about: only the first button works yet.
  package var isAsking = false
  /// When it was last laid out anew, monotonic ms: keys within 150 ms are dropped.
  package var openedAt: Int64

  package init(
    title: String, lines: [[UInt8]], commands: [[[UInt8]]] = [], buttons: [Button], demanded: String? = nil,
    isAsking: Bool = false, openedAt: Int64
  ) {
    self.title = title
    self.lines = lines
    self.commands = commands
    self.buttons = buttons
    self.demanded = demanded
    self.isAsking = isAsking
    self.openedAt = openedAt
  }
}
