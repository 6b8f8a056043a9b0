package import Keyspace

/// One change of one key, and where it was composed: it is sent nowhere else.
package struct Edit: Sendable, Equatable {
  package var key: KeyName
  package var change: Change
  package var presence: Presence
  package var database: Int
  /// ``Notice/session(_:)`` when the value was read. An edit of another session is not sent.
  package var session: Int

  package init(key: KeyName, change: Change, presence: Presence, database: Int, session: Int) {
    self.key = key
    self.change = change
    self.presence = presence
    self.database = database
    self.session = session
  }

  /// The keys that it changes.
  package var touched: [KeyName] {
    switch change {
    case .renameKey, .copyKey: plan.keys
    default: [key]
    }
  }

  /// Whether the key is there before the edit. Nothing is ever created that was to be changed, nor the other way round.
  package enum Presence: Sendable, Equatable {
    /// The key exists and is of this type.
    case present(KeyType)
    /// There is no such key; the edit creates it, of this type and with this TTL.
    case absent(KeyType, Expiry)

    package var type: KeyType {
      switch self {
      case .present(let type), .absent(let type, _): type
      }
    }
  }
}

/// Edits that the user ordered as one and takes back as one.
package struct WriteJob: Sendable, Equatable {
  /// The Browser's number for it: the report carries it back.
  package var id: Int
  package var edits: [Edit]

  package init(id: Int, edits: [Edit]) {
    self.id = id
    self.edits = edits
  }
}
