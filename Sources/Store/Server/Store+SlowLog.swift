internal import Commands
internal import RESP
internal import Requests
internal import Values

extension Store {
  /// The newest commands that took the server long.
  func slowLog(limit: Int) async throws(Failure) -> SlowLog {
    var question = Question("reading the slow log", denials: denials)
    question.ask(.slowLogGet, String(limit))
    question.ask(.slowLogLength)
    let response = try await ask(question, on: sweepLink)
    let entries = try response.require(.slowLogGet)
    guard entries.kind == .array else { throw .unreadable(.slowLogGet, what: question.what) }
    return SlowLog(
      commands: entries.children.prefix(limit).compactMap { SlowCommand(reply: $0) },
      count: response[.slowLogLength]?.quantity)
  }
}

extension SlowCommand {
  /// An entry of SLOWLOG GET: id, time, microseconds, words and, since Redis 4.0, the client's address and name. The
  /// server keeps passwords out of it itself; what it lets through is kept out here.
  fileprivate init?(reply: ReplyView) {
    let parts = Array(reply.children)
    guard parts.count >= 4, let id = parts[0].quantity, let time = parts[1].quantity,
      let microseconds = parts[2].quantity
    else { return nil }
    var words = parts[3].children.map { Array($0.bytes) }
    for place in CommandSecrets.places(in: words) { words[place] = Array("***".utf8) }
    self.init(
      id: id, time: time, microseconds: microseconds, words: words,
      client: parts.count > 4 ? Array(parts[4].bytes) : [], clientName: parts.count > 5 ? Array(parts[5].bytes) : [])
  }
}
