/// The part of a value to read. Every read of a value names its window: a big collection is never read whole.
package enum ValueWindow: Sendable, Equatable {
  /// Bytes `offset ..< offset + length` of a string (GETRANGE).
  case bytes(offset: Int, length: Int)
  /// Elements by index from the head (LRANGE).
  case elements(start: Int, count: Int)
  /// Fields of a hash from an HSCAN cursor; `matching` is a glob for HSCAN MATCH.
  case fields(cursor: UInt64, matching: [UInt8]?)
  /// Members of a set from an SSCAN cursor.
  case members(cursor: UInt64)
  /// Fields of a hash (HMGET) or members of a set (SMISMEMBER), by name.
  case named([[UInt8]])
  /// Members of a sorted set by rank (ZRANGE); from the highest score when `reverse`.
  case ranks(start: Int, count: Int, reverse: Bool)
  /// Entries of a stream in the direction of `from`.
  case entries(from: StreamPosition, count: Int)
}

/// Where to read a stream from.
package enum StreamPosition: Sendable, Equatable {
  /// From the oldest entry forward.
  case first
  /// From the newest entry backward.
  case last
  /// Newer than this entry, oldest first.
  case after(StreamID)
  /// Older than this entry, newest first.
  case before(StreamID)
}

/// The id of a stream entry: `milliseconds-sequence`.
package struct StreamID: Hashable, Comparable, Sendable {
  package let milliseconds: UInt64
  package let sequence: UInt64

  package init(milliseconds: UInt64, sequence: UInt64) {
    self.milliseconds = milliseconds
    self.sequence = sequence
  }

  /// Reads `1718020931000-0`; nil when it is no id.
  package init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, let milliseconds = UInt64(parts[0]), let sequence = UInt64(parts[1]) else { return nil }
    self.init(milliseconds: milliseconds, sequence: sequence)
  }

  package var text: String { "\(milliseconds)-\(sequence)" }

  package static func < (left: StreamID, right: StreamID) -> Bool {
    (left.milliseconds, left.sequence) < (right.milliseconds, right.sequence)
  }
}
