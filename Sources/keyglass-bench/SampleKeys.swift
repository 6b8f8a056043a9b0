import PrivateServer

/// The keys that are measured: of five types, half of them with a deadline, names of 24 bytes on average in folders of
/// several depths. The same on every machine.
enum SampleKeys {
  /// The name of key `number`, any number below 2^32; different numbers have different names.
  static func append(name number: Int, to bytes: inout [UInt8]) {
    let mixed = mix(UInt64(number))
    switch number % 4 {
    case 0:
      bytes += "session:eu:".utf8
      appendHex(mixed, digits: 8, to: &bytes)
      appendHex(UInt64(number), digits: 8, to: &bytes)
    case 1:
      bytes += "user:".utf8
      bytes += String(number).utf8
      bytes += ":profile".utf8
    case 2:
      bytes += "cache:page:".utf8
      appendHex(mixed & 0xff, digits: 2, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      appendHex(UInt64(number), digits: 12, to: &bytes)
    default:
      bytes += "order:2026:".utf8
      appendHex(mixed & 0xf, digits: 1, to: &bytes)
      bytes.append(UInt8(ascii: ":"))
      bytes += String(number).utf8
      bytes += ":lines".utf8
    }
  }

  static func name(_ number: Int) -> String {
    var bytes: [UInt8] = []
    append(name: number, to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Bytes of a name, over keys `0..<count`.
  static func averageLength(of count: Int) -> Double {
    var bytes: [UInt8] = []
    var total = 0
    for number in 0..<count {
      bytes.removeAll(keepingCapacity: true)
      append(name: number, to: &bytes)
      total += bytes.count
    }
    return Double(total) / Double(count)
  }

  /// Writes keys `0..<count`. Deadlines are an hour to a month away: none passes during a run.
  static func fill(_ socket: inout ServerSocket, count: Int) throws { try fill(&socket, 0..<count) }

  static func fill(_ socket: inout ServerSocket, _ numbers: Range<Int>) throws {
    try write(&socket, numbers) { add($0, to: &$1) }
  }

  /// Writes small strings with names of a shape.
  static func fill(_ socket: inout ServerSocket, _ numbers: Range<Int>, shape: NameShape) throws {
    let (command, value) = (Array("SET".utf8), Array("value".utf8))
    var name: [UInt8] = []
    try write(&socket, numbers) { number, batch in
      name.removeAll(keepingCapacity: true)
      shape.append(name: number, to: &name)
      batch.add([command, name, value])
    }
  }

  private static func write(
    _ socket: inout ServerSocket, _ numbers: Range<Int>, add: (Int, inout ServerBatch) -> Void
  ) throws {
    for start in stride(from: numbers.lowerBound, to: numbers.upperBound, by: 1_000) {
      var batch = ServerBatch()
      for number in start..<min(start + 1_000, numbers.upperBound) { add(number, &batch) }
      for reply in try socket.send(batch) {
        if case .error(let text) = reply { throw Malfunction("the server refused a sample key: \(text)") }
      }
    }
  }

  /// Gives keys `0..<count` a deadline each, an hour to a month away.
  static func expire(_ socket: inout ServerSocket, count: Int) throws {
    for start in stride(from: 0, to: count, by: 1_000) {
      var batch = ServerBatch()
      for number in start..<min(start + 1_000, count) {
        batch.add("PEXPIRE", name(number), String(3_600_000 + mix(UInt64(number)) % 2_592_000_000))
      }
      _ = try socket.send(batch)
    }
  }

  private static func add(_ number: Int, to batch: inout ServerBatch) {
    let name = name(number)
    switch number % 10 {
    case 0...4: batch.add("SET", name, "value of key \(number)")
    case 5, 6: batch.add("HSET", name, "name", "MARIE", "age", "20")
    case 7: batch.add("RPUSH", name, "a", "b", "c")
    case 8: batch.add("SADD", name, "red", "green")
    default: batch.add("ZADD", name, "1.5", "first", "2", "second")
    }
    let mixed = mix(UInt64(number))
    if mixed & 1 == 0 { batch.add("EXPIRE", name, String(3600 + mixed % 2_592_000)) }
  }

  /// The finalizer of splitmix64: one number in, one out, evenly spread.
  static func mix(_ number: UInt64) -> UInt64 {
    var z = number &+ 0x9e37_79b9_7f4a_7c15
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// The last so many digits of a number, zeros first.
  static func appendDecimal(_ number: Int, digits: Int, to bytes: inout [UInt8]) {
    var scale = 1
    for _ in 1..<digits { scale *= 10 }
    while scale > 0 {
      bytes.append(UInt8(ascii: "0") + UInt8(number / scale % 10))
      scale /= 10
    }
  }

  static func appendHex(_ number: UInt64, digits: Int, to bytes: inout [UInt8]) {
    for place in (0..<digits).reversed() {
      let digit = UInt8(truncatingIfNeeded: number >> (4 * UInt64(place))) & 0xf
      bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
    }
  }
}
