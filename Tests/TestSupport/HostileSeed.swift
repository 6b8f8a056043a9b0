import PrivateServer

/// Puts hostile bytes wherever a server can hold them: key names of every type, values, fields, elements, members,
/// stream fields, consumer groups and consumers. The server gets them as RESP, as they are.
package enum HostileSeed {
  /// How many keys there are afterwards. The collections `all:…` hold every string as a field, element or member.
  @discardableResult
  package static func store(on server: TestServer) throws -> Int {
    let strings = HostileBytes.strings
    var commands: [[[UInt8]]] = []
    for (index, name) in strings.enumerated() {
      commands += key(name, number: index, around: { strings[(index + $0) % strings.count] })
    }
    for (index, name) in HostileBytes.long.enumerated() {
      commands.append(words("SET") + [name] + [HostileBytes.long[(index + 1) % HostileBytes.long.count]])
      commands.append(words("SET", "long:\(index)") + [name])
    }
    commands += collections(strings + HostileBytes.long)
    var errors: [ServerReply] = []
    for start in stride(from: 0, to: commands.count, by: 500) {
      var batch = ServerBatch()
      for command in commands[start..<min(start + 500, commands.count)] { batch.add(command) }
      errors += try server.pipeline(batch).filter { if case .error = $0 { true } else { false } }
    }
    guard errors.isEmpty else { throw TestFailure("\(errors.count) refused, first: \(errors[0].text)") }
    return Int(try server.cli("DBSIZE")) ?? 0
  }

  /// A key of one of the six types, made of the strings behind its name.
  private static func key(
    _ name: [UInt8], number: Int, around string: (Int) -> [UInt8]
  ) -> [[[UInt8]]] {
    switch number % 6 {
    case 0: [words("SET") + [name, string(1)]]
    case 1: [words("HSET") + [name, string(1), string(2), string(3), string(4)]]
    case 2: [words("RPUSH") + [name, string(1), string(2), string(3)]]
    case 3: [words("SADD") + [name, string(1), string(2), string(3)]]
    case 4: [words("ZADD") + [name] + words("1.5") + [string(1)] + words("-inf") + [string(2)]]
    default:
      [
        words("XADD") + [name] + words("1700000000000-\(number)") + [string(1), string(2)],
        words("XGROUP", "CREATE") + [name, string(3)] + words("0"),
        words("XGROUP", "CREATECONSUMER") + [name, string(3), string(4)],
      ]
    }
  }

  /// One key of each type that holds all strings.
  private static func collections(_ strings: [[UInt8]]) -> [[[UInt8]]] {
    strings.enumerated().flatMap { index, string -> [[[UInt8]]] in
      let next = strings[(index + 1) % strings.count]
      return [
        words("HSET", "all:hash") + [string, next], words("RPUSH", "all:list") + [string],
        words("SADD", "all:set") + [string], words("ZADD", "all:zset", "\(index)") + [string],
        words("XADD", "all:stream", "1700000000000-\(index)") + [string, next],
      ] + (index % 8 == 0 ? [words("XGROUP", "CREATE", "all:stream") + [string] + words("0")] : [])
    } + [
      // Text that the JSON view takes apart and lays out.
      words("SET", "all:json") + [
        Array(
          #"{"\u001b]0;pwn\u0007":"\u202e\u009b31m","plain \#u{202e}\#u{9b}31m":[1,"\#u{200b}\#u{e0041}",{"ק":1}]}"#
            .utf8)
      ],
      words("SET", "all:lines") + [Array(strings.prefix(1_500).joined(separator: [0x0a]))],
    ]
  }

  private static func words(_ words: String...) -> [[UInt8]] { words.map { Array($0.utf8) } }
}
