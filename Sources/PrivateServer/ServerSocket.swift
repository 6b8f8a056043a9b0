import Glibc

/// A plain blocking connection to a private server: a batch out, its replies back.
///
/// Not for foreign servers: it trusts lengths, and speaks RESP2 only.
package struct ServerSocket: ~Copyable {
  package let descriptor: CInt
  private var buffer: [UInt8] = []
  private var position = 0

  /// Takes over a connected stream socket; closes it at the end.
  package init(descriptor: CInt) {
    self.descriptor = descriptor
  }

  /// Connects to a Unix socket.
  package init(path: String) throws(PrivateServerError) {
    descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw Self.failure(systemText(errno)) }
    guard UnixAddress(path).connect(descriptor) == 0 else { throw Self.failure("\(path): \(systemText(errno))") }
  }

  deinit { close(descriptor) }

  /// Sends the batch and reads every reply to it. A server's error is a reply, not a throw.
  package mutating func send(_ batch: ServerBatch) throws(PrivateServerError) -> [ServerReply] {
    try write(batch.bytes)
    var replies: [ServerReply] = []
    replies.reserveCapacity(batch.count)
    for _ in 0..<batch.count { replies.append(try readReply()) }
    return replies
  }

  package func write(_ bytes: [UInt8]) throws(PrivateServerError) {
    var sent = 0
    while sent < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { raw in
        unsafe Glibc.send(
          descriptor, raw.baseAddress?.advanced(by: sent), raw.count - sent, CInt(MSG_NOSIGNAL))
      }
      if count >= 0 {
        sent += count
      } else if errno != EINTR {
        throw Self.failure(systemText(errno))
      }
    }
  }

  /// Reads one reply, waiting for it.
  package mutating func readReply() throws(PrivateServerError) -> ServerReply {
    let line = try readLine()
    let text = String(decoding: line.dropFirst(), as: UTF8.self)
    switch line.first {
    case UInt8(ascii: "+"): return .simple(text)
    case UInt8(ascii: "-"): return .error(text)
    case UInt8(ascii: ":"): return .integer(try number(text))
    case UInt8(ascii: "$"):
      let length = Int(try number(text))
      return length < 0 ? .bulk(nil) : .bulk(try readBytes(length))
    case UInt8(ascii: "*"):
      let count = try number(text)
      guard count >= 0 else { return .array(nil) }
      var elements: [ServerReply] = []
      for _ in 0..<count { elements.append(try readReply()) }
      return .array(elements)
    default: throw Self.failure("not a RESP2 reply: \(text)")
    }
  }

  private func number(_ text: String) throws(PrivateServerError) -> Int64 {
    guard let number = Int64(text) else { throw Self.failure("not a number in a reply: \(text)") }
    return number
  }

  private mutating func readLine() throws(PrivateServerError) -> [UInt8] {
    var searched = 0
    while true {
      let rest = buffer[(position + searched)...]
      if let end = rest.firstIndex(of: 0x0a) {
        defer { position = end + 1 }
        return Array(buffer[position..<(end - 1)])
      }
      searched = buffer.count - position
      try fill()
    }
  }

  private mutating func readBytes(_ count: Int) throws(PrivateServerError) -> [UInt8] {
    while buffer.count - position < count + 2 { try fill() }
    defer { position += count + 2 }
    return Array(buffer[position..<(position + count)])
  }

  private mutating func fill() throws(PrivateServerError) {
    buffer.removeFirst(position)
    position = 0
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe recv(descriptor, &chunk, chunk.count, 0)
      if count > 0 {
        buffer += chunk[..<count]
        return
      }
      if count == 0 { throw Self.failure("the server closed the connection") }
      if errno != EINTR { throw Self.failure(systemText(errno)) }
    }
  }

  private static func failure(_ why: String) -> PrivateServerError {
    PrivateServerError(what: "lost the private server", why: why, nextStep: "Start it again")
  }
}
