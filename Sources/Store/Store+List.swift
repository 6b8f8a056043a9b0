internal import Keyspace
internal import RESP
package import Requests
package import Values

extension Store {
  /// Tells the names of all keys of the current database, each once, in the order of SCAN, page by page: for
  /// `keyglass ls`. Memory grows with the names told, to leave out what SCAN repeats.
  ///
  /// - Parameters:
  ///   - pattern: a glob for SCAN MATCH, as the user typed it; nil: all keys.
  ///   - withFacts: with type, deadline and size; keys that are gone by then are left out.
  ///   - page: takes some keys; false ends the list. The next page is not asked for before it returns.
  /// - Throws: why the list could not be told to its end.
  package func list(
    pattern: [UInt8]?, withFacts: Bool, page: @Sendable ([KeyFacts]) async -> Bool
  ) async throws(Failure) {
    let seen = IndexWorker()
    var cursor: UInt64 = 0
    var watch = CursorWatch()
    repeat {
      var question = Question("listing the keys", denials: denials)
      if let pattern {
        question.ask(.scan, cursor, "MATCH", pattern, "COUNT", options.scanCount)
      } else {
        question.ask(.scan, cursor, "COUNT", options.scanCount)
      }
      let reply = try await ask(question, on: sweepLink).require(.scan)
      guard reply.count == 2, let next = UInt64(reply[0].string) else {
        throw .unreadable(.scan, what: question.what)
      }
      cursor = next
      guard !watch.isCircling(cursor) else {
        throw Failure(
          kind: .server, what: question.what, why: Array(CursorWatch.complaint.utf8),
          nextStep: "Check what answers on this address")
      }
      let names = await seen.insertNew(reply[1].children.map { KeyName($0.bytes) })
      for start in stride(from: 0, to: names.count, by: FactsSweep.batchLength) {
        let part = Array(names[start..<min(start + FactsSweep.batchLength, names.count)])
        var facts = part.map { KeyFacts(name: $0) }
        if withFacts {
          facts = try await readFacts(of: part, withSize: true, withClock: true, on: sweepLink).filter { !$0.isGone }
        }
        if facts.isEmpty { continue }
        guard await page(facts) else { return }
      }
    } while cursor != 0
  }
}
