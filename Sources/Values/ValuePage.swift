package import Keyspace

/// A window of a value, as the server told it.
package enum ValuePage: Sendable, Equatable {
  case string(StringPage)
  case list(ListPage)
  case hash(HashPage)
  case set(SetPage)
  case named(NamedPage)
  case sortedSet(SortedSetPage)
  case stream(StreamPage)
  /// A type without a view of its own (or a module's): only what TYPE and OBJECT say.
  case opaque
}

/// Bytes of a string.
package struct StringPage: Sendable, Equatable {
  /// STRLEN: the whole length in bytes.
  package var length: Int
  package var offset: Int
  package var bytes: [UInt8]

  package init(length: Int, offset: Int, bytes: [UInt8]) {
    self.length = length
    self.offset = offset
    self.bytes = bytes
  }

  package var isWhole: Bool { offset == 0 && bytes.count >= length }
}

package struct ListPage: Sendable, Equatable {
  /// LLEN.
  package var length: Int
  /// Index of `elements[0]` from the head.
  package var start: Int
  package var elements: [[UInt8]]

  package init(length: Int, start: Int, elements: [[UInt8]]) {
    self.length = length
    self.start = start
    self.elements = elements
  }
}

package struct HashPage: Sendable, Equatable {
  package struct Field: Sendable, Equatable {
    package var name: [UInt8]
    package var value: [UInt8]
    /// Of a hash's field (Redis 7.4, Valkey 9). Denied without a missing rule: the server has no TTLs of fields.
    package var deadline: Fact<Deadline>

    package init(name: [UInt8], value: [UInt8], deadline: Fact<Deadline> = .unknown) {
      self.name = name
      self.value = value
      self.deadline = deadline
    }
  }

  /// HLEN.
  package var length: Int
  /// In the order of the server; a field may come twice when the hash is rehashed meanwhile (HSCAN).
  package var fields: [Field]
  /// Where HSCAN goes on; 0: the end was reached.
  package var next: UInt64

  package init(length: Int, fields: [Field], next: UInt64) {
    self.length = length
    self.fields = fields
    self.next = next
  }
}

package struct SetPage: Sendable, Equatable {
  /// SCARD.
  package var length: Int
  package var members: [[UInt8]]
  /// Where SSCAN goes on; 0: the end was reached.
  package var next: UInt64

  package init(length: Int, members: [[UInt8]], next: UInt64) {
    self.length = length
    self.members = members
    self.next = next
  }
}

/// What of some fields or members is there.
package struct NamedPage: Sendable, Equatable {
  /// HLEN or SCARD.
  package var length: Int
  /// In the order asked; a member of a set has no value.
  package var there: [HashPage.Field]
  package var gone: [[UInt8]]

  package init(length: Int, there: [HashPage.Field], gone: [[UInt8]]) {
    self.length = length
    self.there = there
    self.gone = gone
  }
}

package struct SortedSetPage: Sendable, Equatable {
  package struct Entry: Sendable, Equatable {
    package var member: [UInt8]
    /// The score as the server wrote it, never reformatted.
    package var score: [UInt8]

    package init(member: [UInt8], score: [UInt8]) {
      self.member = member
      self.score = score
    }
  }

  /// ZCARD.
  package var length: Int
  /// Rank of `entries[0]` in the direction of `reverse`.
  package var start: Int
  package var reverse: Bool
  package var entries: [Entry]

  package init(length: Int, start: Int, reverse: Bool, entries: [Entry]) {
    self.length = length
    self.start = start
    self.reverse = reverse
    self.entries = entries
  }
}

package struct StreamPage: Sendable, Equatable {
  package struct Entry: Sendable, Equatable {
    package var id: StreamID
    /// Field and value pairs in the order written; names may repeat.
    package var fields: [(name: [UInt8], value: [UInt8])]

    package init(id: StreamID, fields: [(name: [UInt8], value: [UInt8])]) {
      self.id = id
      self.fields = fields
    }

    package static func == (left: Entry, right: Entry) -> Bool {
      left.id == right.id
        && left.fields.elementsEqual(right.fields) { $0.name == $1.name && $0.value == $1.value }
    }
  }

  package struct Group: Sendable, Equatable {
    package var name: [UInt8]
    package var consumers: Int
    /// Entries delivered and not acknowledged.
    package var pending: Int
    package var lastDelivered: String
    /// Entries not delivered yet; nil where the server does not say (before Redis 7.0, or after XDEL).
    package var lag: Int?

    package init(name: [UInt8], consumers: Int, pending: Int, lastDelivered: String, lag: Int?) {
      self.name = name
      self.consumers = consumers
      self.pending = pending
      self.lastDelivered = lastDelivered
      self.lag = lag
    }
  }

  /// XLEN.
  package var length: Int
  /// In the order of the direction read: oldest first forward, newest first backward.
  package var entries: [Entry]
  package var groups: Fact<[Group]>
  /// No entry lies beyond the last of `entries` in the direction read.
  package var reachedEnd: Bool

  package init(length: Int, entries: [Entry], groups: Fact<[Group]>, reachedEnd: Bool) {
    self.length = length
    self.entries = entries
    self.groups = groups
    self.reachedEnd = reachedEnd
  }
}
