package import Keyspace
package import Values

/// What the Store tells unasked.
package enum Notice: Sendable, Equatable {
  case link(LinkState)
  /// The server is elsewhere than before, as the header names it.
  case moved(to: String)
  /// The server refuses the password of a connection, and nothing but ``Request/login(_:)`` tries another.
  case loginRefused(why: String)
  /// At most once a frame.
  case scan(ScanProgress)
  /// What is known of when keys expire has changed (``Request/expiry(_:)``).
  case expiry(ExpiryProgress)
  /// These keys changed on the server (a push of tracking): what is shown of them is to be read again.
  case changed([KeyName])
  /// Following new keys began, ended, was interrupted, or has another rate.
  case follow(FollowState)
  /// These keys are new, as following them has found: they are in the index.
  case appeared([KeyName])
  /// From now on the server pushes changes of keys that were read (`true`), or it does not (RESP2, or denied).
  case tracking(Bool)
  /// The connection that values are read on was made anew: edits of what was read before are of an older session.
  case session(Int)
  /// So many of many keys that are about to be edited were read.
  case surveying(done: Int, of: Int)
  /// So many of the edits of a write of many are done.
  case writing(id: Int, done: Int, of: Int)
  /// Of the console's connection, or of the stream that it follows.
  case console(ConsoleNotice)
  /// What this user may not run, or the server does not have, as far as it was found out; by name.
  case limits([Denial])
  /// Everything may have changed (a flush).
  case flushed
  /// What answers after a connection was lost; told before the link counts as connected again.
  case reconnected(Reconnection)
}

/// How far the list is.
package struct ScanProgress: Sendable, Equatable {
  package enum Phase: Sendable, Equatable {
    case idle
    case running
    case paused
    /// Finished: everything that SCAN promises to return is in the index.
    case done
    /// The index holds as many names as it may: there are others.
    case limited
    /// Given up before its end (``Request/stopScan``).
    case stopped
    /// Refused: NOPERM or no SCAN on this server.
    case denied
  }

  package var database: Int
  package var phase: Phase
  /// Keys in the index.
  package var keys: Int
  /// Changes with every change of the index.
  package var version: Int
  /// Names that SCAN has returned so far, repeats included, in this generation.
  package var scanned: Int
  /// The server's own count (DBSIZE) when last asked; nil when denied.
  package var serverCount: Int?
  /// A second generation is being scanned (`R`).
  package var isRescan: Bool
  /// The sweep that is wanted, or was last; nil: none was.
  package var sweep: SweepProgress?
  /// What SCAN is asked for (MATCH); nil: all.
  package var pattern: [UInt8]?
  /// The same of what is listed, while a second generation is about something else.
  package var listedPattern: [UInt8]?
  /// Names are listed that do not match it: the server was asked for them apart.
  package var hasOthers = false
  /// Keys that the server has looked at so far, about: the sum of COUNT.
  package var visited = 0
  /// Set where names were left out because so many are in the index.
  package var limit: Int?
  /// nil: the server is not asked for any pattern apart.
  package var search: ServerSearch?
  /// SCAN's or the sweep's denial.
  package var denial: Denial?
  /// Why the scan does not get on although it is wanted (the server is loading, has lost its master …), or why its end
  /// is not to be trusted. It may hold bytes of the server: escape it to show it.
  package var trouble: [UInt8]?
  /// The server's word for it, where it has one.
  package var troubleCode: ServerCode?

  package init(
    database: Int, phase: Phase = .idle, keys: Int = 0, version: Int = 0, scanned: Int = 0, serverCount: Int? = nil,
    isRescan: Bool = false, sweep: SweepProgress? = nil, denial: Denial? = nil, trouble: [UInt8]? = nil,
    troubleCode: ServerCode? = nil
  ) {
    self.database = database
    self.phase = phase
    self.keys = keys
    self.version = version
    self.scanned = scanned
    self.serverCount = serverCount
    self.isRescan = isRescan
    self.sweep = sweep
    self.denial = denial
    self.trouble = trouble
    self.troubleCode = troubleCode
  }

  /// Every key of the database is listed that SCAN promises to return.
  package var isWhole: Bool { phase == .done && listedPattern == nil && limit == nil }
}
