import Keyspace
import Requests
import Values

/// What the server owes to whom, and since when.
struct Waits: Sendable {
  struct Wait: Sendable, Equatable {
    /// The command that takes most of it.
    var command: String
    /// Monotonic ms.
    var since: Int64
  }

  private(set) var all: [Purpose: Wait] = [:]

  /// A request that waits behind an older one of its purpose waits since then.
  mutating func begin(_ purpose: Purpose, _ request: Request, at now: Int64) {
    guard let command = request.command else { return }
    all[purpose] = Wait(command: command, since: all[purpose]?.since ?? now)
  }

  mutating func end(_ purpose: Purpose, isNewest: Bool, at now: Int64) {
    if isNewest { all[purpose] = nil } else { all[purpose]?.since = now }
  }

  mutating func forget(_ purpose: Purpose) { all[purpose] = nil }

  /// What has been waited for longest, of what is worth a word at `now`.
  func slowest(at now: Int64) -> Wait? {
    all.filter { now - $1.since >= Self.patience(for: $0) }.map(\.value).min { $0.since < $1.since }
  }

  /// When the next of them is worth a word, monotonic ms.
  var nextDue: Int64? { all.map { $1.since + Self.patience(for: $0) }.min() }

  /// When what the user asked for himself was asked; nil: nothing of that is owed for long.
  func isWorthGivingUp(at now: Int64) -> Bool {
    all.contains { !Self.isUnasked($0) && now - $1.since >= Self.longest }
  }

  /// Ms after which a command is said to be slow. On a slow network what nobody asked for is always a little so.
  private static func patience(for purpose: Purpose) -> Int64 { isUnasked(purpose) ? longest : 300 }
  private static let longest: Int64 = 1_000

  private static func isUnasked(_ purpose: Purpose) -> Bool {
    switch purpose {
    case .header, .facts, .due: true
    default: false
    }
  }
}

extension Request {
  /// The command that this waits for most; nil: it is answered without the server, or tells of its progress itself.
  fileprivate var command: String? {
    switch self {
    case .select: "SELECT"
    case .facts, .open: "TYPE"
    case .page(_, let type, let window):
      switch (type, window) {
      case (.string, _): "GETRANGE"
      case (.list, _): "LRANGE"
      case (.hash, .named): "HMGET"
      case (.hash, _): "HSCAN"
      case (.set, .named): "SMISMEMBER"
      case (.set, _): "SSCAN"
      case (.sortedSet, _): "ZRANGE"
      case (.stream, _): "XRANGE"
      case (.json, _), (.other, _): "TYPE"
      }
    case .inspect: "OBJECT"
    case .dump: "DUMP"
    case .isMember: "SISMEMBER"
    case .union: "SUNION"
    case .rank(_, .member, _): "ZRANK"
    case .rank(_, .score, _): "ZCOUNT"
    case .serverFacts, .databases: "INFO"
    case .clients: "CLIENT LIST"
    case .slowLog: "SLOWLOG"
    case .killClient: "CLIENT KILL"
    case .rescan, .pauseScan, .rows, .sweep, .folders, .expiry, .endExpiry, .forget, .reconnect, .giveUp, .follow,
      .names,
      .survey, .write, .undo, .redo, .stopWriting, .log, .login, .console:
      nil
    }
  }
}
