import Canvas
import Glibc
import RESP
import RedisClient

/// `keyglass exec COMMAND …`: one command, its reply on standard output.
struct Execution {
  let words: [[UInt8]]
  /// Nil: as for a reader on a terminal, raw otherwise, as redis-cli does.
  let format: ReplyFormat?
  /// `-x`: the last argument is what standard input holds.
  let readsLastWord: Bool
  let isReadOnly: Bool

  /// Commands whose replies do not end, or come as pushes.
  private static let streaming: Set<String> = ["SUBSCRIBE", "PSUBSCRIBE", "SSUBSCRIBE", "MONITOR", "SYNC", "PSYNC"]

  func run(on server: ServerChoice, trace: Trace?) throws(ErrorLine) -> ExitStatus {
    let name = words.first.map { String(decoding: $0, as: UTF8.self).uppercased() } ?? ""
    guard !Self.streaming.contains(name) else {
      throw ErrorLine("exec", "\(name) has no end, and exec prints one reply", nextStep: "redis-cli follows it.")
    }
    var batch = CommandBatch()
    batch.add(words: try readsLastWord ? words + [StandardInput.read()] : words)
    let format = format ?? (isatty(STDOUT_FILENO) != 0 ? .human : .raw)
    var server = server
    // As redis-cli prints it: a map is a flat list there.
    if format == .raw, server.endpoint.protocolVersion == .automatic { server.endpoint.protocolVersion = .resp2 }
    let isReadOnly = isReadOnly
    let connection = try Connecting.withPassword(server) { endpoint in
      Self.wait { () async throws(ClientError) in
        var options = ConnectionOptions(clientName: "keyglass-exec", replyTimeout: nil)
        options.isReadOnly = isReadOnly
        return try await Connection.connect(to: endpoint, options: options, on: ClientGroup.make())
      }
    }
    defer { connection.close() }
    trace?.write(.connected)
    let (command, started) = (batch, Trace.nanoseconds)
    let result = Self.wait { () async throws(ClientError) in try await connection.send(command) }
    trace?.write(.command(name: name, count: 1, microseconds: (Trace.nanoseconds - started) / 1_000))
    guard case .success(let replies) = result, let reply = replies.first else {
      if case .failure(let error) = result { throw ErrorLine(text: error.message, status: .refused) }
      return .refused
    }
    signal(SIGPIPE, SIG_DFL)
    try Output.deliver(format.bytes(of: reply, toCommand: words))
    return reply.isError ? .serverError : .success
  }

  private static func wait<Value: Sendable>(
    for work: @escaping @Sendable () async throws(ClientError) -> Value
  ) -> Result<Value, ClientError> {
    let result = Handover<Result<Value, ClientError>>()
    Task {
      do throws(ClientError) {
        result.set(.success(try await work()))
      } catch {
        result.set(.failure(error))
      }
    }
    return result.wait() ?? .failure(.closed)
  }
}

/// What comes through a pipe.
enum StandardInput {
  /// All of it.
  static func read() throws(ErrorLine) -> [UInt8] {
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe Glibc.read(STDIN_FILENO, &buffer, buffer.count)
      if count == 0 { return bytes }
      if count > 0 {
        bytes += buffer.prefix(count)
      } else if errno != EINTR {
        throw ErrorLine("standard input", SystemError.current.text, nextStep: "Give the last argument through a pipe.")
      }
    }
  }
}
