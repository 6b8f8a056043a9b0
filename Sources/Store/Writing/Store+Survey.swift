internal import Keyspace
internal import RESP
internal import Requests
internal import Values

extension Store {
  /// Type, deadline and size of keys that are about to be destroyed.
  func survey(_ names: [KeyName]) async throws(Failure) -> Answer {
    var facts: [KeyFacts] = []
    for start in stride(from: 0, to: names.count, by: 500) {
      facts += try await read(Array(names[start..<min(start + 500, names.count)]), withSize: true, on: rowsLink)
    }
    return .survey(facts, clock: clock)
  }
}
