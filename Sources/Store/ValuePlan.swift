internal import Keyspace
internal import RESP
internal import Values

/// Which commands read a window of a value, and what their replies say.
struct ValuePlan: Sendable {
  let name: KeyName
  let type: KeyType
  let window: ValueWindow

  /// Bytes that a page should stay below, as far as the average element tells.
  static let pageBytes = 1 << 20
  /// Bytes of the first window of a string.
  static let stringWindow = 1 << 16

  /// The window that a key of `type` is opened with.
  static func firstWindow(of type: KeyType, pageLength: Int) -> ValueWindow? {
    switch type {
    case .string: .bytes(offset: 0, length: stringWindow)
    case .list: .elements(start: 0, count: pageLength)
    case .hash: .fields(cursor: 0, matching: nil)
    case .set: .members(cursor: 0)
    case .sortedSet: .ranks(start: 0, count: pageLength, reverse: false)
    case .stream: .entries(from: .first, count: pageLength)
    case .json, .other: nil
    }
  }

  /// The command that tells how long a value of `type` is.
  static func lengthCommand(of type: KeyType) -> ReadCommand? {
    switch type {
    case .string: .strLen
    case .list: .lLen
    case .hash: .hLen
    case .set: .sCard
    case .sortedSet: .zCard
    case .stream: .xLen
    case .json, .other: nil
    }
  }

  /// nil: `window` is not one of a value of `type`.
  init?(_ name: KeyName, _ type: KeyType, _ window: ValueWindow) {
    switch (window, type) {
    case (.bytes, .string), (.elements, .list), (.fields, .hash), (.members, .set), (.ranks, .sortedSet),
      (.entries, .stream), (.named, .hash), (.named, .set):
      self.name = name
      self.type = type
      self.window = window
    default: return nil
    }
  }

  /// The same from where it begins, `times` times half as long, where that can be said to the server.
  func halved(_ times: Int) -> ValuePlan {
    guard times > 0 else { return self }
    func less(_ count: Int) -> Int { max(1, count >> times) }
    let part: ValueWindow =
      switch window {
      case .bytes(let offset, let length): .bytes(offset: offset, length: less(min(length, Self.pageBytes)))
      case .elements(let start, let count): .elements(start: start, count: less(count))
      case .ranks(let start, let count, let reverse): .ranks(start: start, count: less(count), reverse: reverse)
      case .entries(let position, let count): .entries(from: position, count: less(count))
      // By COUNT, and what is asked for by name is wanted.
      case .fields, .members, .named: window
      }
    return ValuePlan(name, type, part) ?? self
  }

  /// At most `limit` elements are read at once, because they are big: what is read by name is not cut.
  func isReadable(within limit: Int) -> Bool {
    if case .named(let names) = window { names.count <= limit } else { true }
  }

  /// The command that reads the window.
  func command(usesRev: Bool) -> ReadCommand {
    switch window {
    case .bytes: .getRange
    case .elements: .lRange
    case .fields: .hScan
    case .members: .sScan
    case .named: type == .hash ? .hMGet : .sMIsMember
    case .ranks(_, _, let reverse): reverse && !usesRev ? .zRevRange : .zRange
    case .entries(.first, _), .entries(.after, _): .xRange
    case .entries(.last, _), .entries(.before, _): .xRevRange
    }
  }

  /// Where the window begins, of those that are read by position.
  var start: Int {
    switch window {
    case .bytes(let start, _), .elements(let start, _), .ranks(let start, _, _): min(max(0, start), Quantity.most)
    case .fields, .members, .named, .entries: 0
    }
  }

  /// How much is asked for, in bytes or elements; `limit` as for `ask`.
  func asked(limit: Int) -> Int {
    switch window {
    case .bytes(_, let length): min(max(1, length), Self.pageBytes)
    case .elements(_, let count), .ranks(_, let count, _): min(max(1, count), limit, Quantity.most)
    // One more than shown, to know whether more follow; unless that one is big.
    case .entries(_, let count): min(max(1, min(count, Quantity.most)) + 1, limit)
    // COUNT is a hint.
    case .fields, .members: .max
    case .named(let names): names.count
    }
  }

  /// Adds the commands to `question`. `limit`: most elements to read, because they are big; `scanCount`: HSCAN's and
  /// SSCAN's COUNT, which small values do not obey. `usesRev`: the server knows ZRANGE … REV (Redis 6.2).
  func ask(_ question: inout Question, limit: Int, scanCount: Int, usesRev: Bool) {
    if let length = Self.lengthCommand(of: type) { question.ask(length, name.bytes) }
    let key = name.bytes
    let asked = asked(limit: limit)
    switch window {
    case .bytes:
      question.ask(.getRange, key, start, start + asked - 1)
    case .elements:
      question.ask(.lRange, key, start, start + asked - 1)
    case .fields(let cursor, let pattern?):
      question.ask(.hScan, key, cursor, "MATCH", pattern, "COUNT", min(scanCount, limit))
    case .fields(let cursor, nil):
      question.ask(.hScan, key, cursor, "COUNT", min(scanCount, limit))
    case .members(let cursor):
      question.ask(.sScan, key, cursor, "COUNT", min(scanCount, limit))
    case .named(let names):
      if type == .hash { question.ask(.hMGet, key, rest: names) } else { question.ask(.sMIsMember, key, rest: names) }
    case .ranks(_, _, let reverse):
      let last = start + asked - 1
      if !reverse {
        question.ask(.zRange, key, start, last, "WITHSCORES")
      } else if usesRev {
        question.ask(.zRange, key, start, last, "REV", "WITHSCORES")
      } else {
        question.ask(.zRevRange, key, start, last, "WITHSCORES")
      }
    case .entries(let position, _):
      switch position {
      case .first: question.ask(.xRange, key, "-", "+", "COUNT", asked)
      case .last: question.ask(.xRevRange, key, "+", "-", "COUNT", asked)
      // Beyond the last id and before the first there is nothing: an interval that is empty.
      case .after(let id):
        let start = id.next?.text
        question.ask(.xRange, key, start ?? "+", start == nil ? "-" : "+", "COUNT", asked)
      case .before(let id):
        let end = id.previous?.text
        question.ask(.xRevRange, key, end ?? "-", end == nil ? "+" : "-", "COUNT", asked)
      }
      question.ask(.xInfoGroups, key)
    }
  }
}

extension StreamID {
  /// The smallest id above; nil above the last. (Redis before 6.2 does not know the exclusive `(id`.)
  var next: StreamID? {
    if sequence < .max { return StreamID(milliseconds: milliseconds, sequence: sequence + 1) }
    return milliseconds < .max ? StreamID(milliseconds: milliseconds + 1, sequence: 0) : nil
  }

  /// The greatest id below; nil below the first.
  var previous: StreamID? {
    if sequence > 0 { return StreamID(milliseconds: milliseconds, sequence: sequence - 1) }
    return milliseconds > 0 ? StreamID(milliseconds: milliseconds - 1, sequence: .max) : nil
  }
}
