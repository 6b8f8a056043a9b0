package import Keyspace
package import Values

/// What an edit does to one key, with what it was composed against: the old value is part of the change, and what is
/// on the server must still be that.
///
/// The inverse of a change is a change too (``Edit/inverse(applied:tombstone:)``), which is what undo is made of.
package enum Change: Sendable, Equatable {
  /// A whole string. `from` nil: there must be no such key; `to` nil: the key is deleted.
  case string(from: [UInt8]?, to: [UInt8]?)
  /// A field of a hash, set, added (`from` nil: there must be no such field) or removed (`to` nil). A TTL that the
  /// field has stays; `deadline` gives a field that is added one, in server time.
  case field([UInt8], from: [UInt8]?, to: [UInt8]?, deadline: Int64? = nil)
  /// `to` must not be there yet. The field's TTL goes with it.
  case renameField([UInt8], to: [UInt8], value: [UInt8])
  /// An element of a list. `index` counts from the head, never negative. `around`: what tells it from one that is equal.
  case element(index: Int, from: [UInt8], to: [UInt8], around: ListContext? = nil)
  case insert([UInt8], ListPlace)
  /// This element, not another that is equal: it is replaced by `tombstone`, which no list holds, and that is removed.
  case removeElement(index: Int, [UInt8], tombstone: [UInt8], around: ListContext? = nil)
  /// The first or the last element of a list, which must be this one (LPOP, RPOP).
  case pop([UInt8], ListEnd)
  /// A member of a set, to be added or removed.
  case member([UInt8], isIn: Bool)
  case renameMember([UInt8], to: [UInt8])
  /// A member of a sorted set: its score changed, the member added (`from` nil) or removed (`to` nil). Scores are text
  /// as the server or the user wrote it, compared as numbers.
  case score([UInt8], from: [UInt8]?, to: [UInt8]?)
  case renameScored([UInt8], to: [UInt8], score: [UInt8])
  /// Adds a number, whatever stands there now. `by` is an integer or, with `isFloat`, a decimal number.
  case add(Counter, by: [UInt8], isFloat: Bool)
  /// An entry of a stream; `id` nil: the server gives one.
  case addEntry([HashPage.Field], id: StreamID?)
  /// For good: the server takes no entry back at or below its last id.
  case removeEntry(StreamID)
  /// A stream that holds this entry and no other is deleted: the inverse of creating it.
  case dropStream(only: StreamID, [HashPage.Field])
  /// The key's TTL. `from` nil: whatever it is now.
  case expiry(from: Deadline?, to: Expiry)
  /// The TTL of a field that is there (Redis 7.4, Valkey 9). `from` nil: whatever it is now.
  case fieldExpiry([UInt8], from: Deadline?, to: Expiry)
  /// RENAME. `replacing` nil: there must be no key of that name; else it must be of that type, and is lost but for its
  /// copy. `restoring`: what is put back under the old name afterwards, to undo a rename onto a key.
  case renameKey(to: KeyName, replacing: Replaced? = nil, restoring: KeyCopy? = nil)
  /// COPY within the server, TTL included; there must be no key of that name in that database.
  case copyKey(to: KeyName, database: Int)
  /// UNLINK. `keepsCopy`: DUMP is kept for undo, taken in the same step. `seen`: the key must be that still.
  case deleteKey(seen: SeenWhole? = nil, keepsCopy: Bool)
  /// RESTORE where there is no such key.
  case restoreKey(KeyCopy)
}

/// Where a new element of a list goes.
package enum ListPlace: Sendable, Equatable {
  case head
  case tail
  /// Behind the last element, if the list is still so long.
  case end(length: Int)
  /// Before or after the element at `index`, which must still be `pivot`. `tombstone` stands there for a moment, because
  /// LINSERT goes by value.
  case before(index: Int, pivot: [UInt8], tombstone: [UInt8], around: ListContext? = nil)
  case after(index: Int, pivot: [UInt8], tombstone: [UInt8], around: ListContext? = nil)
}

/// What stood around an element of a list when it was seen. Elements can be equal: where others pushed or popped
/// meanwhile, another one may stand at its index. So the elements beside it must be the same, or, where no other
/// that is equal was seen, the list must be as long as it was.
package struct ListContext: Sendable, Equatable {
  package struct Neighbour: Sendable, Equatable {
    package var index: Int
    package var value: [UInt8]

    package init(index: Int, value: [UInt8]) {
      self.index = index
      self.value = value
    }
  }

  package var length: Int
  /// All that there are, one or two; none where they were not seen.
  package var neighbours: [Neighbour]
  /// Another element of what was seen is equal: then the neighbours decide, however long the list is.
  package var hasEqual: Bool

  package init(length: Int, neighbours: [Neighbour], hasEqual: Bool = true) {
    self.length = length
    self.neighbours = neighbours
    self.hasEqual = hasEqual
  }
}

/// A whole key as it was when the user was asked about it.
package struct SeenWhole: Sendable, Equatable {
  /// What a script makes of type, length and, of small keys, content: it is equal where these are.
  package var fingerprint: [UInt8]
  /// DUMP of a small key, of then.
  package var dump: [UInt8]?

  package init(fingerprint: [UInt8], dump: [UInt8]? = nil) {
    self.fingerprint = fingerprint
    self.dump = dump
  }
}

package enum ListEnd: Sendable, Equatable {
  case head
  case tail
}

/// A number that can be added to.
package enum Counter: Sendable, Equatable {
  case string
  case field([UInt8])
  case member([UInt8])
}

/// A TTL as it is to be.
package enum Expiry: Sendable, Equatable {
  case never
  /// So many ms from the moment at which the server carries it out.
  case after(Int64)
  /// At this server time, ms since 1970.
  case at(Int64)
}

/// The key that a rename replaces.
package struct Replaced: Sendable, Equatable {
  package var type: KeyType
  /// It must be that still.
  package var seen: SeenWhole?
  /// DUMP of it is kept for undo.
  package var keepsCopy: Bool

  package init(type: KeyType, seen: SeenWhole? = nil, keepsCopy: Bool) {
    self.type = type
    self.seen = seen
    self.keepsCopy = keepsCopy
  }
}

/// A whole key, as DUMP tells it.
package struct KeyCopy: Sendable, Equatable {
  package var name: KeyName
  package var type: KeyType
  package var dump: [UInt8]
  package var deadline: Deadline
  /// As ``SeenWhole/fingerprint``, where it is known.
  package var fingerprint: [UInt8]?
  /// The end of a name that no key has, under which it stands for a moment.
  package var aside: [UInt8]

  package init(
    name: KeyName, type: KeyType, dump: [UInt8], deadline: Deadline, fingerprint: [UInt8]? = nil, aside: [UInt8]
  ) {
    self.fingerprint = fingerprint
    self.aside = aside
    self.name = name
    self.type = type
    self.dump = dump
    self.deadline = deadline
  }
}
