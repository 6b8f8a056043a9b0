import Canvas
package import Keyspace
package import Requests
package import Values

/// What lies over the panes and takes the keys.
package enum Overlay: Sendable, Equatable {
  case help(Viewport)
  case databases([DatabaseFacts]?, Viewport)
  case inspection(KeyName, KeyInspection?, Viewport)
  case menu(Menu)
  /// Fields to be filled in, and what will run.
  case form(Form)
  /// The exact names of the keys that this form is about, and what becomes of each; back goes to the form.
  case names(Form, Viewport)
  /// A question before something is destroyed or given up.
  case dialog(Dialog)
  /// Every command that was sent, newest first; nil until it was read. `opened`: the one under the cursor, whole.
  case log([LoggedCommand]?, Viewport, opened: LoggedCommand? = nil)
  /// Where one may connect to; what it shows is ``State/servers``.
  case servers
  /// The Compose project; what it shows is ``State/compose``.
  case compose
}

/// A small list of choices, each with a key of its own.
package struct Menu: Sendable, Equatable {
  package struct Item: Sendable, Equatable {
    package var key: Character
    package var title: String
    package var isChosen: Bool
    package var choice: Choice
  }

  package enum Choice: Sendable, Equatable {
    case kind(KeyType?)
    case expiry(ListQuery.Expiry)
    case sort(ListSort)
    case format(StringView.Format)
    case pager
    case reversed(Bool)
    case groups
    case timeline(ExpiryTimeline.Scale)
    case logarithmic(Bool)
    case union
    case dump
    case copy(CopyPart)
    /// Of the console's pane.
    case consoleView(StringView.Format)
    case consoleJSON
    case consolePager
    case consoleFile
    case consoleCopy(ConsoleCopyPart)
    /// `a`: a new key of this type, or an element of the open list there.
    case newKey(KeyType)
    case newElement(NewElement)
  }

  package enum NewElement: Sendable, Equatable {
    case head
    case tail
    case before
    case after
  }

  package var title: String
  package var items: [Item]
  package var viewport = Viewport()
}

/// A question answered in a one-line field on the footer's row.
package struct Prompt: Sendable, Equatable {
  package enum Subject: Sendable, Equatable {
    case filter
    case openKey
    /// Search in the value under the cursor: fields, members, ranks, text.
    case search
    case unionWith
    /// The number of a database.
    case database
    /// Search in the replies of the console.
    case console
    /// The path of a file that a reply is written to.
    case replyFile
    /// The password of this server, after it has refused the one that was used.
    case password
    /// Which servers the screen of connections lists.
    case servers
    /// The password of the server that is to be connected to.
    case serverPassword

    /// What is typed is not shown, and kept nowhere.
    var isMasked: Bool { self == .password || self == .serverPassword }
  }

  package var subject: Subject
  package var field: TextField
  var walk = HistoryWalk()
  /// What stood before, for Esc.
  package var previous: [UInt8] = []
  /// Keys before this monotonic ms are not for it.
  var quietUntil: Int64 = 0
  /// Enter was pressed and what was typed cannot be taken as it is.
  package var isRefused = false
}

/// A line that tells what happened, in place of the footer for a while.
package struct Message: Sendable, Equatable {
  package enum Tone: Sendable, Equatable {
    case plain
    case warning
    case error
  }

  package var tone: Tone
  /// May hold bytes of the server; escaped when drawn.
  package var bytes: [UInt8]
  /// Monotonic ms.
  package var until: Int64

  package init(tone: Tone, bytes: [UInt8], until: Int64) {
    self.tone = tone
    self.bytes = bytes
    self.until = until
  }
}
