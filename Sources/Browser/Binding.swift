package import Canvas
package import Requests

/// What a key asks for.
package enum Action: Hashable, Sendable {
  case move(Move)
  case open
  case close
  case previousKey
  case otherPane
  case cancel
  case leave
  case quit
  case search
  case nextMatch
  case previousMatch
  case kinds
  case sort
  case layout
  case databases
  case openByName
  case inspect
  case showAs
  case showInPager
  case wrap
  case zoom
  case refresh
  case pause
  case follow
  case monitor
  /// Memory by prefix.
  case memory
  /// There: the sizes of all keys, not of a sample.
  case readAll
  /// The server at a glance.
  case server
  /// There: so many pages on, or back.
  case serverPage(Int)
  /// Shorter or longer columns of its charts.
  case loadScale
  case killClient
  /// On the timeline of the monitor.
  case bucket(BucketMove)
  /// Buckets so many steps longer, or shorter.
  case scale(Int)
  case showTimelineAs
  case edit
  case editInEditor
  case addNumber
  case add
  case pop(ListEnd)
  case delete
  case rename
  case copyKey
  /// Asks what of it goes to the clipboard.
  case copy
  case copyPart(CopyPart)
  case ttl
  case mark
  case markRange
  case invertMarks
  case undo
  case redo
  case commandLog
  /// The line to the server.
  case console
  /// The pane of the console stays beside the browser.
  case keepPane
  /// The servers that one may go to.
  case servers
  case onServer(ServerAction)
  case onCompose(ComposeScreenAction)
  /// Unlocks a production server for writing, or locks it again.
  case lock
  case mouse
  case help
  case repaint
  case suspend
}

/// Along the timeline of the monitor.
package enum BucketMove: Sendable, Equatable {
  case previous
  case next
  case first
  case last
}

extension Action {
  /// It changes the key under the cursor of the list.
  var changesKey: Bool {
    switch self {
    case .edit, .editInEditor, .addNumber, .pop, .delete, .rename, .copyKey, .ttl: true
    default: false
    }
  }

  /// It is about the value, or a part of it, as it is shown.
  var changesValue: Bool {
    switch self {
    case .edit, .editInEditor, .addNumber, .add, .pop, .delete, .rename: true
    default: false
    }
  }
}

/// Keys, what they do, and where: the one table that the footer, the help and the manual are made from.
package struct Binding: Sendable {
  package enum Place: Sendable, Equatable {
    case everywhere
    case list
    case value
    /// The expiry monitor; there the keys of the list hold too.
    case monitor
    /// Its timeline.
    case timeline
    /// Memory by prefix; there the keys of the list hold too.
    case memory
    /// What came back in the console.
    case console
    /// The screen of the server; of what is everywhere only a part holds there.
    case server
    /// The screen of connections.
    case servers
    /// The screen of the Compose project.
    case compose
  }

  package let keys: [Key]
  package let action: Action
  package let place: Place
  /// A word for the footer; nil: not shown there.
  package let hint: String?
  /// The keys that the footer shows with it.
  package let hintKeys: [Key]
  /// A line for help and manual.
  package let title: String

  /// Does nothing in read-only mode but say so.
  var writes: Bool {
    switch action {
    case .copyKey, .ttl, .undo, .redo, .killClient: true
    default: action.changesValue
    }
  }

  init(
    _ keys: [Key], _ action: Action, in place: Place = .everywhere, hint: String? = nil, hintKeys: [Key]? = nil,
    _ title: String
  ) {
    self.keys = keys
    self.hintKeys = hintKeys ?? Array(keys.prefix(1))
    self.action = action
    self.place = place
    self.hint = hint
    self.title = title
  }
}

package enum Bindings {
  package static let all: [Binding] = [
    Binding([.enter, .character("l"), .right], .open, hint: "open", "open a key or folder; an element of a value"),
    Binding([.character("h"), .left], .close, "close the folder, go to its parent; leave an element or the value"),
    Binding(
      [.character("/")], .search, in: .list, hint: "filter",
      "filter the list: text, a glob with * ? [, ~text (fuzzy, the best first); ttl<10m, ttl>1d or ttl:none alone or beside "
        + "it; ^G there asks the server"
    ),
    Binding(
      [.character("/")], .search, in: .value, hint: "search",
      "value: fields, members, #index, @score, or text of a string"),
    Binding([.character("f")], .kinds, in: .list, hint: "type", "only one type, or only with or without a TTL"),
    Binding([.character("v")], .layout, in: .list, hint: "tree/flat", "tree or flat list"),
    Binding([.character("e")], .edit, hint: "edit", "edit what is under the cursor: string, field, element, score"),
    Binding(
      [.character("t")], .ttl, in: .list, hint: "ttl",
      "set the TTL (marks, a folder: of all, with a plan): 90s, 2h30m, @2026-12-31T23:59, none, +10m, 10m..20m"),
    Binding(
      [.character("t")], .ttl, in: .value, hint: "ttl",
      "set the TTL, as in the list: on a hash field the field's where the server has such (Redis 7.4, Valkey 9), "
        + "else the key's"),
    Binding(
      [.character("T")], .monitor, hint: "expiring",
      "expiry monitor: what is about to vanish in the filter, else in the open folder, else in the database"),
    Binding(
      [.character("M")], .memory, hint: "memory",
      "memory by prefix: where it goes, biggest first, from the folder under the cursor or from the top"),
    Binding(
      [.character("L")], .lock, hint: "unlock",
      "production (env: prod): unlock it for writing, for which its name is asked, or lock it again"),
    Binding([.character("a")], .add, hint: "add", "add a key; in a value an element, field, member or entry"),
    Binding([.character("d")], .delete, hint: "delete", "delete the key, the marked keys, or the element (asks)"),
    Binding([.character(" ")], .mark, in: .list, hint: "mark", "mark the key, or take its mark away"),
    Binding(
      [.character("s")], .sort, in: .list, hint: "sort",
      "sort by name, TTL, size, idle time or kind; the same again the other way round"),
    Binding([.character("u")], .undo, hint: "undo", "take the last edit back"),
    Binding([.character("U")], .redo, "do it again"),
    Binding([.character("r")], .rename, "rename the key; in a value the field or member"),
    Binding([.character("c")], .copyKey, "copy the key, also to another database"),
    Binding([.character("E")], .editInEditor, "edit in $EDITOR: a string, or one element"),
    Binding([.character("=")], .addNumber, "add a number: a counter, a field, a score"),
    Binding(
      [.character("<")], .pop(.head), in: .value,
      "take the first element of a list, the lowest score; in a string, scroll left"),
    Binding(
      [.character(">")], .pop(.tail), in: .value,
      "take the last element of a list, the highest score; in a string, scroll right"),
    Binding([.character("V")], .markRange, in: .list, "mark all keys from the last mark to the cursor"),
    Binding(
      [.character("*")], .invertMarks, in: .list,
      "invert the marks of the rows that are listed; with a filter, of all that it picks"),
    Binding(
      [.character(":")], .console, hint: "command", "console: a command to the server, as in redis-cli, with completion"
    ),
    Binding([.character("@")], .commandLog, "every command that Keyglass has sent"),
    Binding([.character("O")], .openByName, hint: "open name", "open a key by its exact name, without any scan"),
    Binding([.character("b")], .databases, hint: "databases", "the databases, with their keys; switch"),
    Binding([.character("C")], .servers, "connections: other servers, tested and gone to"),
    Binding([.character("i")], .inspect, hint: "info", "all that is known of the key"),
    Binding(
      [.character("o")], .showAs, in: .value, hint: "show as",
      "show as text, JSON, hex, in $PAGER; the other direction; groups"),
    Binding([.character("y")], .copy, hint: "copy", "copy the name, value, field or command, by OSC 52"),
    Binding([.character("z")], .wrap, in: .value, hint: "wrap", "wrap long lines"),
    Binding([.character("+")], .zoom, hint: "zoom", "the pane alone on the screen, and back"),
    Binding([.tab, .backTab], .otherPane, hint: "pane", "the other pane"),
    Binding([.character("j"), .down], .move(.down), "down"),
    Binding([.character("k"), .up], .move(.up), "up"),
    Binding([.character("g"), .home], .move(.first), "to the first row"),
    Binding([.character("G"), .end], .move(.last), "to the last row"),
    Binding([.control("d")], .move(.halfDown), "half a screen down"),
    Binding([.control("u")], .move(.halfUp), "half a screen up"),
    Binding([.pageDown], .move(.pageDown), "a screen down"),
    Binding([.pageUp], .move(.pageUp), "a screen up"),
    Binding([.character("n")], .nextMatch, in: .value, "the next match of the search"),
    Binding([.character("N")], .previousMatch, in: .value, "the match before"),
    Binding([.control("o")], .previousKey, "back to the key before"),
    Binding([.character("R"), .function(5)], .refresh, "read again: the key space, or the value"),
    Binding([.character("p")], .pause, "pause everything that updates by itself, the scan too, and go on"),
    Binding(
      [.character("F")], .follow,
      "follow new keys: those of the filter's glob, else of the open folder, else all; again ends it"),
    Binding(
      [.character("S")], .server, hint: "server",
      "the server: load, memory, clients, replication, persistence, slow log; again closes it"),
    Binding(
      [.left, .character("h")], .bucket(.previous), in: .timeline, hint: "bucket", hintKeys: [.left, .right],
      "the bucket before: the keys below are those that expire then"),
    Binding([.right, .character("l")], .bucket(.next), in: .timeline, "the next bucket"),
    Binding([.character("g"), .home], .bucket(.first), in: .timeline, "the first bucket"),
    Binding([.character("G"), .end], .bucket(.last), in: .timeline, "the last bucket"),
    Binding(
      [.up, .character("k")], .scale(-1), in: .timeline, hint: "scale", hintKeys: [.up, .down],
      "shorter buckets: day, hour, minute, second"),
    Binding([.down, .character("j")], .scale(1), in: .timeline, "longer buckets"),
    Binding(
      [.character("t")], .ttl, in: .timeline, hint: "ttl of all",
      "set, add or spread the TTLs of all keys of the bucket, or of all that are shown"),
    Binding(
      [.character("o")], .showTimelineAs, in: .monitor, hint: "timeline",
      "timeline by second, minute, hour or day; linear or logarithmic"),
    Binding(
      [.character("x")], .readAll, in: .memory, hint: "read all",
      "where only a sample was read: read the size of every key (says what it costs first)"),
    Binding([.character("v")], .layout, in: .memory, hint: "tree/flat", "tree by size, or all keys, biggest first"),
    Binding(
      [.character(":"), .character("i")], .console, in: .console, hint: "command",
      "back to the line, for the next command"),
    Binding(
      [.enter, .character("l"), .right], .open, in: .console, hint: "open", "what stands on the line, alone and whole"),
    Binding([.character("/")], .search, in: .console, hint: "search", "search in the replies; n and N go on"),
    Binding([.character("n")], .nextMatch, in: .console, "the next line that holds it"),
    Binding([.character("N")], .previousMatch, in: .console, "the line before that holds it"),
    Binding(
      [.character("o")], .showAs, in: .console, hint: "show as",
      "show as text, JSON or hex; the whole reply as JSON, in $PAGER, or to a file"),
    Binding([.character("y")], .copy, in: .console, hint: "copy", "copy the line, the reply or the command, by OSC 52"),
    Binding([.character("+")], .zoom, in: .console, hint: "zoom", "the pane alone on the screen, and back"),
    Binding([.character("z")], .wrap, in: .console, "wrap long lines of what was opened"),
    Binding(
      [.character("s")], .keepPane, in: .console, hint: "stay",
      "the pane stays beside the browser, or closes with the console"),
    Binding([.tab, .backTab], .otherPane, in: .console, "back to the line"),
    Binding([.escape], .cancel, in: .console, "close what was opened; stop what runs; back to the line"),
    Binding([.character("q")], .leave, in: .console, hint: "back", "back to the browser"),
    Binding([.character("Q")], .quit, in: .console, "quit Keyglass"),
    Binding([.character("?")], .help, in: .console, hint: "help", "this help"),
    Binding(
      [.tab, .right, .character("l")], .serverPage(1), in: .server, hint: "page",
      "the next page: overview, clients, slow log"),
    Binding([.backTab, .left, .character("h")], .serverPage(-1), in: .server, "the page before"),
    Binding(
      [.enter], .open, in: .server, hint: "whole", "all that the server tells of the client; the whole slow command"),
    Binding(
      [.character("x"), .character("d")], .killClient, in: .server, hint: "kill",
      "kill the client under the cursor (asks)"),
    Binding(
      [.character("o")], .loadScale, in: .server, hint: "scale", "columns of the charts of 1, 3, 10 or 30 seconds"),
    Binding(
      [.character("R"), .function(5)], .refresh, in: .server, hint: "read again",
      "read the clients, or the slow log, again"),
    Binding(
      [.enter, .character("l"), .right], .onServer(.connect), in: .servers, hint: "connects",
      "connect to the server under the cursor; what is here goes on until that has worked"),
    Binding(
      [.character("t")], .onServer(.test), in: .servers, hint: "tests",
      "test it: connect, greet and leave, with nothing changed"),
    Binding([.character("T")], .onServer(.testAll), in: .servers, hint: "tests all", "test all that are listed"),
    Binding([.character("/")], .onServer(.filter), in: .servers, hint: "filter", "list those that hold a text"),
    Binding(
      [.character("y")], .onServer(.copy), in: .servers, hint: "copies", "copy the command line that connects there"),
    Binding(
      [.character("c")], .onServer(.compose), in: .servers, hint: "compose",
      "the Docker Compose project of this folder: all its services"),
    Binding(
      [.escape, .character("q"), .character("C")], .onServer(.close), in: .servers, hint: "closes",
      "give up connecting, the filter, then the screen"),
    Binding(
      [.enter, .character("l"), .right], .onCompose(.connect), in: .compose, hint: "connects",
      "connect to the service; where it is not running, start it first (shows the command, and asks)"),
    Binding(
      [.character("u")], .onCompose(.run(.up)), in: .compose, hint: "up",
      "up -d: create and start it, or on the first row all of the project (Enter confirms)"),
    Binding(
      [.character("a")], .onCompose(.run(.start)), in: .compose, hint: "start",
      "start its containers again (Enter confirms)"),
    Binding([.character("s")], .onCompose(.run(.stop)), in: .compose, hint: "stop", "stop it (asks)"),
    Binding([.character("r")], .onCompose(.run(.restart)), in: .compose, hint: "restart", "restart it (asks)"),
    Binding(
      [.character("L")], .onCompose(.run(.logs)), in: .compose, hint: "logs", "its log, followed in the pane below"),
    Binding([.character("o")], .onCompose(.run(.ps)), in: .compose, hint: "ps", "its containers, as ps lists them"),
    Binding(
      [.character("b")], .onCompose(.run(.build)), in: .compose, hint: "build", "build its image (Enter confirms)"),
    Binding([.character("p")], .onCompose(.run(.pull)), in: .compose, hint: "pull", "pull its image (Enter confirms)"),
    Binding(
      [.character("d")], .onCompose(.run(.down)), in: .compose, hint: "down",
      "take the whole project down: containers and networks go, volumes stay (asks)"),
    Binding(
      [.character("t")], .onCompose(.test), in: .compose, hint: "test",
      "test the service: connect, greet and leave, with nothing changed"),
    Binding(
      [.character("y")], .onCompose(.copy), in: .compose, hint: "copy",
      "copy the command line that connects to the service"),
    Binding([.tab, .backTab], .onCompose(.otherPane), in: .compose, "the services, or what a command writes"),
    Binding([.character("+")], .onCompose(.zoom), in: .compose, "what a command writes alone on the screen, and back"),
    Binding([.character("z")], .onCompose(.wrap), in: .compose, "wrap its long lines, or cut them"),
    Binding(
      [.character("R"), .function(5)], .onCompose(.readAgain), in: .compose, "read the files, and ask the engine, again"
    ),
    Binding([.character("C")], .onCompose(.connections), in: .compose, hint: "connections", "the other servers"),
    Binding([.character("?")], .help, in: .compose, hint: "help", "this help"),
    Binding(
      [.escape, .character("q")], .onCompose(.close), in: .compose, hint: "back",
      "give up connecting, stop the command whose pane has the keys, close the pane, then the screen"),
    Binding([.character("Q")], .quit, in: .compose, "quit; ^C first stops the command that is running"),
    Binding([.character("m")], .mouse, "mouse on or off: the wheel scrolls, a click selects, once more opens"),
    Binding([.control("l")], .repaint, "paint the screen anew"),
    Binding([.control("z")], .suspend, "suspend; fg comes back"),
    Binding([.escape], .cancel, "back one level"),
    Binding([.character("?")], .help, hint: "help", "this help"),
    Binding([.character("q")], .leave, hint: "quit", "back one level; on the main screen, quit"),
    Binding([.character("Q"), .control("c")], .quit, "quit; ^C first stops what runs: a search, the scan"),
  ]

  /// The action of a key while these places hold.
  static func action(for key: Key, in places: [Binding.Place]) -> Action? {
    for place in places {
      if let binding = all.first(where: { $0.place == place && $0.keys.contains(key) }) { return binding.action }
    }
    return nil
  }
}
