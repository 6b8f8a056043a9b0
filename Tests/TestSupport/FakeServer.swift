import Glibc

/// A server that says what the test wants: another protocol's banner, hostile replies, a scripted conversation.
package final class FakeServer: Sendable {
  private let listener: Listener

  /// Where it listens.
  package var address: TestAddress { listener.address }
  package var acceptedCount: Int { listener.acceptedCount }

  /// - Parameters:
  ///   - address: `.loopback(0)` takes a free port; nil is a Unix socket in a folder of its own.
  ///   - serve: the conversation, on a thread of its own for each connection; the connection ends when it returns.
  package init(_ address: TestAddress? = nil, serve: @escaping @Sendable (Connection) -> Void) throws {
    listener = try Listener(address) { serve(Connection(descriptor: $0)) }
  }

  /// Says `banner` to whoever connects, then listens until they leave. What SSH, SMTP and the like do.
  package convenience init(_ address: TestAddress? = nil, banner: [UInt8]) throws {
    try self.init(address) { connection in
      guard connection.write(banner) else { return }
      while !connection.read().isEmpty {}
    }
  }

  /// Says `answer` once something has come, and closes. What an HTTP or TLS server does with a RESP command.
  package convenience init(_ address: TestAddress? = nil, answerToAnything answer: [UInt8]) throws {
    try self.init(address) { connection in
      guard !connection.read().isEmpty else { return }
      _ = connection.write(answer)
    }
  }

  /// Answers each RESP command with `reply`'s bytes; nil closes the connection.
  package convenience init(
    _ address: TestAddress? = nil, reply: @escaping @Sendable (_ command: [String]) -> [UInt8]?
  ) throws {
    try self.init(address) { connection in
      while let command = connection.readCommand(), let bytes = reply(command), connection.write(bytes) {}
    }
  }

  package func closeConnections(reset: Bool = false) { listener.closeConnections(reset: reset) }
  package func stop() { listener.stop() }

  /// One client's connection.
  package final class Connection {
    private let descriptor: CInt
    private var buffer: [UInt8] = []

    init(descriptor: CInt) { self.descriptor = descriptor }

    /// What has come, at most 64 KiB; empty at the end.
    package func read() -> [UInt8] {
      defer { buffer = [] }
      return buffer.isEmpty ? Loopback.receive(descriptor) : buffer
    }

    /// False when the client is gone.
    package func write(_ bytes: [UInt8]) -> Bool { Loopback.send(descriptor, bytes) }
    package func write(_ text: String) -> Bool { write(Array(text.utf8)) }

    /// The next command, an array of bulk strings; nil at the end or when it is something else.
    package func readCommand() -> [String]? {
      guard let count = header("*") else { return nil }
      var words: [String] = []
      for _ in 0..<count {
        guard let length = header("$"), let word = take(length), take(2) != nil else { return nil }
        words.append(String(decoding: word, as: UTF8.self))
      }
      return words
    }

    private func header(_ mark: Unicode.Scalar) -> Int? {
      while true {
        if let end = buffer.firstIndex(of: 0x0a) {
          let line = buffer[..<end]
          buffer.removeFirst(end + 1)
          guard line.first == UInt8(ascii: mark) else { return nil }
          return Int(String(decoding: line.dropFirst().dropLast(), as: UTF8.self))
        }
        guard fill() else { return nil }
      }
    }

    private func take(_ count: Int) -> [UInt8]? {
      while buffer.count < count { guard fill() else { return nil } }
      defer { buffer.removeFirst(count) }
      return Array(buffer[..<count])
    }

    private func fill() -> Bool {
      let bytes = Loopback.receive(descriptor)
      buffer += bytes
      return !bytes.isEmpty
    }
  }
}
