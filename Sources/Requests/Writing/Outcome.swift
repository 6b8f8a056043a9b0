package import Keyspace

/// What became of one edit. Only `.applied`, `.partly` and a `.unknown` that says so have changed anything.
package enum Outcome: Sendable, Equatable {
  case applied(Applied)
  /// Somebody else changed it since: this is there now. Nothing was written.
  case conflict(Now)
  /// The key does not exist (any more). Nothing was written, and nothing resurrected.
  case gone
  /// The key is of another type now. Nothing was written.
  case typeChanged(KeyType)
  /// The name that was to be new is taken: a key of this type (nil: a field or member). Nothing was written.
  case taken([UInt8], KeyType?)
  /// The connection that it was composed on was lost and made again before it was sent. Nothing was sent.
  case otherSession
  /// The server was restarted since, or is another one. Nothing was sent.
  case otherServer
  /// Written by others so often that no guard held: nothing was written.
  case tooBusy
  /// The server, the user's rights, read-only mode or the network said no. Nothing was written.
  case refused(Failure)
  /// The server carried out some of the commands and then said this.
  case partly(applied: Int, of: Int, error: [UInt8])
  /// The reply was lost after sending. What was read back says this; `why`: how the reply was lost.
  case unknown(Verdict, why: String)

  package var isApplied: Bool {
    switch self {
    case .applied, .unknown(.applied, _): true
    default: false
    }
  }
}

extension Outcome {
  /// It may have been carried out.
  package var isUnsure: Bool {
    switch self {
    case .unknown(.changed, _), .unknown(.notYet, _), .unknown(.unreadable, _), .partly: true
    default: false
    }
  }

  /// The server takes no writes for now (``ServerCode/holdsUpWriting``).
  package var meansNoWrites: Bool {
    if case .refused(let failure) = self { failure.code?.holdsUpWriting == true } else { false }
  }
}

/// What reading back said of an edit whose reply was lost.
package enum Verdict: Sendable, Equatable {
  /// The server holds what the edit was to leave.
  case applied
  /// The key is as it was before, and the command cannot be carried out any more.
  case notApplied
  /// The key is as it was before; but the command may still be on its way.
  case notYet
  /// Neither the old nor the new: another client was there, and it cannot be told.
  case changed
  /// Reading back failed as well, because of this.
  case unreadable(Failure)
}

/// What is there now, in place of what an edit was composed against.
package enum Now: Sendable, Equatable {
  /// Value, element or score; nil: the field, element or member is not there any more.
  case value([UInt8]?)
  /// Too long to be brought here.
  case bigValue(bytes: Int)
  /// Not what it was; what it is now was not, or could not be, read.
  case changed
  /// The element is equal, but the list was changed around it: it may be another one.
  case moved
  case deadline(Deadline)
}

/// What the server said when it carried an edit out.
package struct Applied: Sendable, Equatable {
  /// The commands' replies as text, numbers as digits; nil: null, or an aggregate.
  package var replies: [[UInt8]?]
  /// What the plan's keepsakes read, in order; a deadline as its digits, -1 for none, -2 for no key.
  package var kept: [[UInt8]?]
  /// What the plan's `afterwards` read.
  package var after: [UInt8]?
  /// The key's deadline before and after.
  package var deadlineBefore: Deadline
  package var deadlineAfter: Deadline
  /// The key is there after it.
  package var existsAfter: Bool
  /// The deadline of the field in the plan's `fieldTTL`, server time; unknown where it could not be learnt.
  package var fieldDeadline: Deadline

  package init(
    replies: [[UInt8]?], kept: [[UInt8]?] = [], after: [UInt8]? = nil, deadlineBefore: Deadline,
    deadlineAfter: Deadline, existsAfter: Bool,
    fieldDeadline: Deadline = .persistent
  ) {
    self.replies = replies
    self.kept = kept
    self.after = after
    self.deadlineBefore = deadlineBefore
    self.deadlineAfter = deadlineAfter
    self.existsAfter = existsAfter
    self.fieldDeadline = fieldDeadline
  }
}

/// What became of a ``WriteJob``, or of an undo or redo (which has the edits that it made).
package struct WriteReport: Sendable, Equatable {
  package enum Kind: Sendable, Equatable {
    case edit
    case undo
    case redo
  }

  package struct Item: Sendable, Equatable {
    package var edit: Edit
    package var outcome: Outcome

    package init(edit: Edit, outcome: Outcome) {
      self.edit = edit
      self.outcome = outcome
    }
  }

  package var id: Int
  package var kind: Kind
  package var items: [Item]
  /// Edits that were not tried any more after a stop, after the connection was lost, or because the server takes none.
  package var untried: Int
  /// `u` takes back what was applied; else the reason why not, when something was.
  package var noUndo: String?
  /// Older undos that had to go, because too many bytes were kept.
  package var forgotten = 0

  package init(
    id: Int, kind: Kind, items: [Item], untried: Int = 0, noUndo: String? = nil, forgotten: Int = 0
  ) {
    self.forgotten = forgotten
    self.id = id
    self.kind = kind
    self.items = items
    self.untried = untried
    self.noUndo = noUndo
  }
}
