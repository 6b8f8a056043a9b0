/// What ours is compared with: the same questions to the same server, and nothing done with the answers.
enum BareLoops {
  /// SCAN COUNT 1000 from end to end. Returns the number of names, repeats included.
  static func countNames(_ path: String) throws -> Int {
    var socket = try BareSocket(path: path)
    var total = 0
    var cursor = Array("0".utf8)
    repeat {
      try socket.send(scan(cursor))
      cursor = try readCursor(&socket)
      let names = try socket.number("*")
      for _ in 0..<names {
        let length = try socket.number("$")
        try socket.skip(length + 2)
      }
      total += names
    } while cursor != Array("0".utf8)
    return total
  }

  /// The same with TYPE and PTTL of every name: those of a page and the next SCAN go out in one write.
  static func countFacts(_ path: String) throws -> Int { try count(path, asking: ["TYPE", "PTTL"]) }

  /// PTTL of these names, 300 in one write, the next of them on their way while answers are read.
  static func deadlines(_ path: String, of names: [[UInt8]]) throws {
    var socket = try BareSocket(path: path)
    var owed = 0
    var batch: [UInt8] = []
    for start in stride(from: 0, to: names.count, by: 300) {
      let part = names[start..<min(start + 300, names.count)]
      batch.removeAll(keepingCapacity: true)
      for name in part {
        batch += "*2\r\n$4\r\nPTTL\r\n$".utf8
        batch += String(name.count).utf8
        batch += "\r\n".utf8
        batch += name
        batch += "\r\n".utf8
      }
      try socket.send(batch)
      for _ in 0..<owed { try socket.skipLine() }
      owed = part.count
    }
    for _ in 0..<owed { try socket.skipLine() }
  }

  private static func count(_ path: String, asking commands: [String]) throws -> Int {
    let heads = commands.map { "*2\r\n$\($0.utf8.count)\r\n\($0)\r\n$" }
    var socket = try BareSocket(path: path)
    var total = 0
    var cursor = Array("0".utf8)
    var batch = scan(cursor)
    var name: [UInt8] = []
    var owed = 0
    while true {
      try socket.send(batch)
      for _ in 0..<owed { try socket.skipLine() }
      if total > 0, cursor == Array("0".utf8) { return total }
      cursor = try readCursor(&socket)
      batch.removeAll(keepingCapacity: true)
      let names = try socket.number("*")
      for _ in 0..<names {
        let length = try socket.number("$")
        name.removeAll(keepingCapacity: true)
        try socket.take(length + 2, into: &name)
        for head in heads {
          batch += head.utf8
          batch += String(length).utf8
          batch += "\r\n".utf8
          batch += name
        }
      }
      owed = commands.count * names
      total += names
      if cursor != Array("0".utf8) { batch += scan(cursor) }
    }
  }

  private static func scan(_ cursor: [UInt8]) -> [UInt8] {
    Array("*4\r\n$4\r\nSCAN\r\n$\(cursor.count)\r\n".utf8) + cursor + Array("\r\n$5\r\nCOUNT\r\n$4\r\n1000\r\n".utf8)
  }

  private static func readCursor(_ socket: inout BareSocket) throws -> [UInt8] {
    guard try socket.number("*") == 2 else { throw Malfunction("not a reply to SCAN") }
    let length = try socket.number("$")
    var cursor: [UInt8] = []
    try socket.take(length, into: &cursor)
    try socket.skip(2)
    return cursor
  }
}
