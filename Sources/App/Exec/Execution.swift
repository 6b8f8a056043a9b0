import Canvas
import Glibc
import RESP
import RedisClient
import Store

/// `keyglass exec COMMAND …`: one command, its reply on standard output.
struct Execution {
  let words: [[UInt8]]
  /// Nil: as for a reader on a terminal, raw otherwise, as redis-cli does.
  let format: ReplyFormat?
  /// `-x`: the last argument is what standard input holds.
  let readsLastWord: Bool
  let isReadOnly: Bool

  func run(on server: ServerChoice, trace: Trace?) throws(ErrorLine) -> ExitStatus {
    let name = words.first.map { String(decoding: $0, as: UTF8.self).uppercased() } ?? ""
    if let reason = UnfitCommand.reason(words) {
      throw ErrorLine("exec", reason, nextStep: "Use redis-cli for it.")
    }
    var batch = CommandBatch()
    batch.add(words: try readsLastWord ? words + [StandardInput.read()] : words)
    let format = format ?? (isatty(STDOUT_FILENO) != 0 ? .human : .raw)
    let pushes = PushBox()
    let connection = try ExecConnection.open(to: server, for: format, isReadOnly: isReadOnly, pushes: pushes)
    defer { connection.close() }
    trace?.write(.connected)
    let (command, started) = (batch, Trace.nanoseconds)
    let isReadOnly = connection.readOnlyCause != nil
    let result = ExecConnection.wait { () async throws(ClientError) in
      let readers = isReadOnly ? try await connection.readers(among: command) : []
      return try await connection.send(command, knownReaders: readers)
    }
    trace?.write(.command(name: name, count: 1, microseconds: (Trace.nanoseconds - started) / 1_000))
    guard case .success(let replies) = result, let reply = replies.first else {
      if case .failure(let error) = result { throw ErrorLine(text: error.message, status: .refused) }
      return .refused
    }
    signal(SIGPIPE, SIG_DFL)
    var output = OutputBuffer.standardOutput
    try format.write(reply, pushes: pushes.take(), isPage: ReplyText.isPage(words), into: &output)
    try output.flush()
    return reply.element.isError ? .serverError : .success
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
