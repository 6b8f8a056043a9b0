import Keyspace
import PrivateServer
import TestSupport
import Testing

/// What a naive program reads from a server of when its keys expire: every name, then every deadline, and all else by
/// going through them one by one.
struct NaiveExpiry {
  /// Server time in ms; `Int64.max`: no deadline.
  private(set) var deadlines: [KeyName: Int64] = [:]
  /// The server has no PEXPIRETIME: deadlines are as good as PTTL and TIME tell them.
  private(set) var isRough = false

  init(_ server: TestServer, database: Int = 0, of isMeant: (KeyName) -> Bool = { _ in true }) throws {
    func ask(_ commands: [[[UInt8]]]) throws -> [ServerReply] {
      var batch = ServerBatch()
      batch.add("SELECT", String(database))
      for command in commands { batch.add(command) }
      return Array(try server.pipeline(batch).dropFirst())
    }
    var cursor = Array("0".utf8)
    var names: Set<KeyName> = []
    repeat {
      guard
        case .array(let page?) = try ask([[Self.bytes("SCAN"), cursor, Self.bytes("COUNT"), Self.bytes("10000")]])[0],
        page.count == 2,
        case .bulk(let next?) = page[0], case .array(let found?) = page[1]
      else { throw TestFailure("no page of names") }
      cursor = next
      for case .bulk(let name?) in found { names.insert(KeyName(name)) }
    } while cursor != Array("0".utf8)
    let wanted = names.filter(isMeant)
    var replies = try ask(wanted.map { [Self.bytes("PEXPIRETIME"), $0.bytes] })
    var now: Int64 = 0
    if case .error? = replies.first {
      isRough = true
      replies = try ask(wanted.map { [Self.bytes("PTTL"), $0.bytes] })
      let time = try server.cli("TIME").split(separator: "\n").compactMap { Int64($0) }
      now = time[0] * 1000 + time[1] / 1000
    }
    for case (let name, .integer(let time)) in zip(wanted, replies) where time != -2 {
      deadlines[name] = time == -1 ? .max : now + min(time, .max - 1 - now)
    }
  }

  private static func bytes(_ word: String) -> [UInt8] { Array(word.utf8) }

  var entries: [(name: KeyName, deadline: Int64)] {
    deadlines.filter { $0.value != .max }.map { (name: $0.key, deadline: $0.value) }
      .sorted { ($0.deadline, $0.name) < ($1.deadline, $1.name) }
  }

  var persistent: [KeyName] { deadlines.filter { $0.value == .max }.map(\.key) }

  func count(before time: Int64) -> Int { deadlines.values.count { $0 != .max && $0 < time } }

  func distribution(at now: Int64) -> [ExpiryDistribution.Class: Int] {
    var counts: [ExpiryDistribution.Class: Int] = [:]
    for deadline in deadlines.values where deadline > now {
      let left = deadline - now
      let kind: ExpiryDistribution.Class =
        if deadline == .max {
          .none
        } else if left < 10_000 {
          .tenSeconds
        } else if left < 60_000 {
          .minute
        } else if left < 3_600_000 {
          .hour
        } else if left < 86_400_000 {
          .day
        } else {
          .beyond
        }
      counts[kind, default: 0] += 1
    }
    return counts
  }

  func timeline(_ scale: ExpiryTimeline.Scale, at now: Int64, localOffset: Int64) -> [Int] {
    var counts = Array(repeating: 0, count: scale.buckets)
    let offset = scale == .day ? localOffset : 0
    let first = (now + offset) / scale.length
    for deadline in deadlines.values where deadline != .max && deadline > now {
      var bucket = Int(min(deadline, .max - offset) + offset) / Int(scale.length) - Int(first)
      if scale == .day { bucket = min(bucket, scale.buckets - 1) }
      if bucket < counts.count { counts[bucket] += 1 }
    }
    return counts
  }

  /// Folders by how many of the names are in them, fullest first.
  static func folders(of names: [KeyName], separator: UInt8, behind depth: Int = 0) -> [PrefixCount] {
    var counts: [KeyName: Int] = [:]
    for name in names {
      guard let end = name.bytes[depth...].firstIndex(of: separator) else { continue }
      counts[KeyName(name.bytes[...end]), default: 0] += 1
    }
    return counts.map { PrefixCount(prefix: $0.key, count: $0.value) }
      .sorted { ($1.count, $0.prefix) < ($0.count, $1.prefix) }
  }
}
