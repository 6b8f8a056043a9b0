internal import RESP

/// Every command that the Store may send. None of them writes: the tests ask a server whether that is so.
package enum ReadCommand: String, Sendable, CaseIterable {
  case clientList = "CLIENT LIST"
  case clientTracking = "CLIENT TRACKING"
  case dbSize = "DBSIZE"
  case dump = "DUMP"
  case get = "GET"
  case getRange = "GETRANGE"
  case hLen = "HLEN"
  case hMGet = "HMGET"
  case hPExpireTime = "HPEXPIRETIME"
  case hPTTL = "HPTTL"
  case hScan = "HSCAN"
  case info = "INFO"
  case lLen = "LLEN"
  case lRange = "LRANGE"
  case memoryUsage = "MEMORY USAGE"
  case objectEncoding = "OBJECT ENCODING"
  case objectFrequency = "OBJECT FREQ"
  case objectIdleTime = "OBJECT IDLETIME"
  case objectReferences = "OBJECT REFCOUNT"
  case pExpireTime = "PEXPIRETIME"
  case pTTL = "PTTL"
  case sCard = "SCARD"
  case scan = "SCAN"
  case sIsMember = "SISMEMBER"
  case slowLogGet = "SLOWLOG GET"
  case slowLogLength = "SLOWLOG LEN"
  case sMIsMember = "SMISMEMBER"
  case sScan = "SSCAN"
  case strLen = "STRLEN"
  case sUnion = "SUNION"
  case type = "TYPE"
  case xInfoGroups = "XINFO GROUPS"
  case xLen = "XLEN"
  case xRange = "XRANGE"
  case xRevRange = "XREVRANGE"
  case zCard = "ZCARD"
  case zCount = "ZCOUNT"
  case zRange = "ZRANGE"
  case zRank = "ZRANK"
  case zRevRange = "ZREVRANGE"
  case zRevRank = "ZREVRANK"

  /// The command and, of a container command, its subcommand.
  var words: (name: String, subcommand: String?) {
    // Called for every command of every batch: most have no subcommand.
    guard let space = rawValue.utf8.firstIndex(of: UInt8(ascii: " ")) else { return (rawValue, nil) }
    return (String(rawValue[..<space]), String(rawValue[rawValue.utf8.index(after: space)...]))
  }

  /// It is only sent where another command is denied, or the server does not know all of it.
  package var isSubstitute: Bool { self == .get || self == .zRevRange }

  /// The ACL rule that allows it: `+memory|usage`.
  package var rule: String {
    "+" + String(rawValue.lowercased().map { $0 == " " ? "|" : $0 })
  }
}

extension CommandBatch {
  /// Adds `command` with its arguments.
  mutating func ask<each Word: CommandWord>(_ command: ReadCommand, _ words: repeat each Word) {
    let (name, subcommand) = command.words
    if let subcommand {
      add(name, subcommand, repeat each words)
    } else {
      add(name, repeat each words)
    }
  }
}
