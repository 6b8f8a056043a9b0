import RESP
import RedisClient

/// Read-only mode for one command after the other: each name that Keyglass does not know is asked about once.
struct ReaderGate {
  let connection: Connection
  /// Why there is a gate.
  let cause: ClientError.ReadOnlyCause
  private(set) var knownReaders: Set<String> = []
  private var asked: Set<String> = []

  init(connection: Connection, cause: ClientError.ReadOnlyCause) {
    self.connection = connection
    self.cause = cause
  }

  /// Why the command may not leave; nil where it may.
  mutating func refusal(of words: [[UInt8]]) -> ClientError? {
    var command = CommandBatch()
    command.add(words: words.count > 2 ? Array(words[..<2]) : words)
    guard let name = ReadOnlyGate.refusal(of: command, knownReaders: knownReaders) else { return nil }
    if asked.insert(name).inserted {
      let (connection, question) = (connection, command)
      let answer = ExecConnection.wait { () async throws(ClientError) in try await connection.readers(among: question) }
      // A connection that is lost shows itself where commands are sent.
      if case .success(let readers) = answer { knownReaders.formUnion(readers) }
      if ReadOnlyGate.refusal(of: command, knownReaders: knownReaders) == nil { return nil }
    }
    return .readOnly(command: name, cause: cause)
  }
}
