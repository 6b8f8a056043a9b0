package import Keyspace
package import Values

/// What the Store says to a ``Request``.
package enum Answer: Sendable {
  case selected(database: Int)
  case loggedIn
  case done
  /// `version` is that of the index the rows were made from (``ScanProgress/version``).
  case rows(RowList, version: Int)
  case folders([FolderFacts])
  case expiry(ExpiryReport)
  case facts([KeyFacts], clock: ServerClock)
  case opened(OpenedKey)
  case page(KeyName, ValuePage, facts: KeyFacts, clock: ServerClock)
  case inspection(KeyInspection, clock: ServerClock)
  case dump(KeyName, DumpOutcome)
  case membership(KeyName, member: [UInt8], isMember: Bool)
  case union(KeyName, KeyName, UnionOutcome)
  /// nil: no such member, or no score that far.
  case rank(KeyName, Int?)
  case server(ServerFacts)
  case databases([DatabaseFacts])
  case clients(ClientList)
  case slowLog(SlowLog)
  case killed(id: Int, KillOutcome)
  case names(NameList)
  case survey(Survey)
  case written(WriteReport)
  case log([LoggedCommand])
  case console(ConsoleAnswer)
  case failed(Failure)
}

/// A key as it was read from its beginning.
package struct OpenedKey: Sendable, Equatable {
  package var facts: KeyFacts
  /// Idle time and frequency were read before the value, encoding and length with it.
  package var inspection: KeyInspection
  /// nil: the key does not exist, or reading it is denied (`denial`).
  package var page: ValuePage?
  package var denial: Denial?
  package var clock: ServerClock

  package init(
    facts: KeyFacts, inspection: KeyInspection, page: ValuePage?, denial: Denial? = nil, clock: ServerClock
  ) {
    self.facts = facts
    self.inspection = inspection
    self.page = page
    self.denial = denial
    self.clock = clock
  }
}

package enum DumpOutcome: Sendable, Equatable {
  /// `deadline`: of the same moment.
  case bytes([UInt8], deadline: Fact<Deadline>)
  case gone
  /// MEMORY USAGE says that it is bigger than the limit: nothing was copied.
  case tooBig(bytes: Int, limit: Int)
}

package enum UnionOutcome: Sendable, Equatable {
  case members([[UInt8]])
  /// One of the two has this many members, at or above the limit: nothing was read.
  case tooBig(KeyName, members: Int, limit: Int)
  /// The other key is not a set, or does not exist.
  case notASet(KeyName, type: KeyType?)
}

/// Why a request was not answered. `why` may hold bytes of the server: escape it to show it.
package struct Failure: Error, Sendable, Equatable {
  package enum Kind: Sendable, Equatable {
    /// NOPERM, or the server does not have the command.
    case denied(Denial)
    /// No connection, or it was lost before the answer.
    case connection
    /// The server answered with an error.
    case server
    /// A newer request took its place.
    case superseded
  }

  package var kind: Kind
  /// What was tried, to what.
  package var what: String
  package var why: [UInt8]
  package var nextStep: String
  /// What the server said is the matter with it; nil: something else.
  package var code: ServerCode?

  package init(kind: Kind, what: String, why: [UInt8], nextStep: String, code: ServerCode? = nil) {
    self.kind = kind
    self.what = what
    self.why = why
    self.nextStep = nextStep
    self.code = code
  }
}
