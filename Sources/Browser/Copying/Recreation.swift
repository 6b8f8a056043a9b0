import Keyspace
import Requests

/// The command that makes a key anew, as redis-cli takes it. nil: its deadline is not known, so it would be another key.
enum Recreation {
  /// - Parameter knowsPXAT: SET takes the deadline (Redis 6.2); else that is a command of its own.
  static func string(_ key: KeyName, _ value: [UInt8], _ deadline: Deadline?, knowsPXAT: Bool) -> String? {
    switch deadline {
    case .persistent: line(command("SET", key, value))
    case .at(let time) where knowsPXAT: line(command("SET", key, value, "PXAT", time))
    case .at(let time): line(command("SET", key, value)) + "\n" + line(command("PEXPIREAT", key, time))
    case .unknown, nil: nil
    }
  }

  /// Of any other type DUMP is the only thing that tells everything: encodings, groups, TTLs of fields.
  static func dump(_ key: KeyName, _ dump: [UInt8], _ deadline: Deadline?) -> String? {
    switch deadline {
    case .persistent: line(command("RESTORE", key, 0, dump))
    case .at(let time): line(command("RESTORE", key, time, dump, "ABSTTL"))
    case .unknown, nil: nil
    }
  }

  private static func line(_ words: [[UInt8]]) -> String {
    words.map { CommandText.word($0, limit: .max) }.joined(separator: " ")
  }
}
