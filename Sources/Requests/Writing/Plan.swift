package import Keyspace
package import Values

/// The exact commands of an edit, with its guard. Guards, keepsakes and commands are carried out in one step that no
/// other client comes between: a script, or WATCH with MULTI where scripts are denied.
package struct Plan: Sendable, Equatable {
  /// Keys that the step touches, the edited one first.
  package var keys: [KeyName]
  /// All must hold, in this order, or nothing is written.
  package var guards: [Guard]
  /// Commands that change nothing, run first in a script: whoever may not run one of them, of which the real one comes
  /// later, is refused before anything is written. (MULTI refuses by itself.)
  package var rehearsal: [[[UInt8]]] = []
  /// What a script does where a command behind the first fails, so that all is as it was; empty: nothing can be done.
  package var rollback: [[[UInt8]]] = []
  /// Read before the commands run, for undo.
  package var keepsakes: [Keepsake] = []
  /// As they run, words and all: what the user is shown.
  package var commands: [[[UInt8]]]
  /// Read after the commands, for undo.
  package var afterwards: Keepsake?
  /// A hash field whose TTL, where it has one, goes to `to`; nil there: it is only told, for undo.
  package var fieldTTL: FieldTTL?
  /// The reply 0 to the last command means that this name is taken, and that nothing was written.
  package var zeroMeansTaken: KeyName?
  package var proof: Proof

  package init(
    keys: [KeyName], guards: [Guard], rehearsal: [[[UInt8]]] = [], rollback: [[[UInt8]]] = [],
    keepsakes: [Keepsake] = [], commands: [[[UInt8]]], afterwards: Keepsake? = nil, fieldTTL: FieldTTL? = nil,
    zeroMeansTaken: KeyName? = nil, proof: Proof
  ) {
    self.keys = keys
    self.guards = guards
    self.rehearsal = rehearsal
    self.rollback = rollback
    self.afterwards = afterwards
    self.keepsakes = keepsakes
    self.commands = commands
    self.fieldTTL = fieldTTL
    self.zeroMeansTaken = zeroMeansTaken
    self.proof = proof
  }

  package struct FieldTTL: Sendable, Equatable {
    package var from: [UInt8]
    package var to: [UInt8]?

    package init(from: [UInt8], to: [UInt8]?) {
      self.from = from
      self.to = to
    }
  }

  package enum Keepsake: Sendable, Equatable {
    case reply([[UInt8]])
    case deadline(KeyName)
    /// ``SeenWhole/fingerprint``.
    case whole(KeyName)
  }

  /// How it is told afterwards whether the commands ran, when their reply was lost.
  ///
  /// They did where `holds` holds and what `grown` reads has grown by so much since before; the key is as it was where
  /// the guards still hold and it has not grown; else somebody else was there.
  package struct Proof: Sendable, Equatable {
    package var holds: [Guard] = []
    package var grown: Growth?
    /// The database to look into, where it is not the edit's.
    package var database: Int?

    package init(holds: [Guard] = [], grown: Growth? = nil, database: Int? = nil) {
      self.holds = holds
      self.grown = grown
      self.database = database
    }
  }

  package struct Growth: Sendable, Equatable {
    package var read: [[UInt8]]
    /// What is read before; nil: the same.
    package var from: [[UInt8]]?
    package var by: Amount

    package enum Amount: Sendable, Equatable {
      /// The number that `read` answers grows by this.
      case number([UInt8])
      /// `read` answers a deadline, and it becomes so many ms after the commands ran.
      case ttl(Int64)
      /// The same of this field of the hash.
      case fieldTTL([UInt8], Int64)
      /// `read` answers the last entry of a stream; behind it comes one with these fields.
      case entry([HashPage.Field])
      /// `read` answers the length of a list, of which a few elements change.
      case list(ListChange)
    }

    package init(read: [[UInt8]], from: [[UInt8]]? = nil, by: Amount) {
      self.read = read
      self.from = from
      self.by = by
    }
  }
}

/// What must still be so on the server for a write to happen.
package struct Guard: Sendable, Equatable {
  package enum Expectation: Sendable, Equatable {
    /// The reply as text is exactly this; an integer is its digits.
    case bytes([UInt8])
    /// A null reply.
    case nothing
    /// Any reply but null and an empty list.
    case something
    /// The reply is equal as a number, `inf` included.
    case number([UInt8])
    /// The server's clock stands before this, in ms since 1970; `read` is TIME. Where TIME may not be read,
    /// the clock is taken as it is known.
    case before(Int64)
    /// ``SeenWhole/fingerprint`` of the key that `read`, TYPE, names. Without scripts: type and length in it.
    case whole([UInt8])
    /// The key's deadline is this; `read` is PEXPIRETIME. Before Redis 7.0: the same but for a second.
    case deadline(Deadline)
  }

  /// What is told when it does not hold.
  package enum Subject: Sendable, Equatable {
    /// The key's type, or that there is no such key.
    case key
    /// The name that a key, field or member is to have.
    case target
    /// The value, element, score, or the number of elements.
    case value
    /// What stands around an element of a list.
    case place
    /// The key's TTL, or a field's where HPEXPIRETIME reads it.
    case deadline
    /// The TTL that is to be set, whose time has come already.
    case time
  }

  package var subject: Subject
  package var read: [[UInt8]]
  package var expects: Expectation
  /// Where it does not hold, it is enough that these do; empty: it is not.
  package var orElse: [Guard]

  package init(_ subject: Subject, _ read: [[UInt8]], _ expects: Expectation, orElse: [Guard] = []) {
    self.subject = subject
    self.read = read
    self.expects = expects
    self.orElse = orElse
  }
}
