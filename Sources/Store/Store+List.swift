internal import Keyspace
internal import RESP
package import Requests
package import Values

extension Store {
  /// Tells the keys of the current database, each once, in the order of SCAN, page by page: for `keyglass ls`. Memory
  /// grows with the names told, to leave out what SCAN repeats. With facts or a condition, keys that are gone by the
  /// time they are read are left out.
  ///
  /// - Parameter page: takes some keys; false ends the list. The next page is not asked for before it returns.
  /// - Returns: the keys whose deadline was wanted and could not be read. With a condition they are in no page.
  /// - Throws: why the list could not be told to its end; at once where this user may read no deadline at all, and the
  ///   list is about deadlines.
  @discardableResult
  package func list(
    _ wanted: ListQuestion, page: @Sendable ([KeyFacts]) async -> Bool
  ) async throws(Failure) -> UntoldKeys {
    let seen = IndexWorker()
    var untold = UntoldKeys()
    var cursor: UInt64 = 0
    var watch = CursorWatch()
    repeat {
      let (next, found) = try await scan(from: cursor, pattern: wanted.pattern)
      cursor = next
      guard !watch.isCircling(cursor) else {
        throw Failure(
          kind: .server, what: "listing the keys", why: Array(CursorWatch.complaint.utf8),
          nextStep: "Check what answers on this address")
      }
      let names = await seen.insertNew(found)
      for start in stride(from: 0, to: names.count, by: FactsSweep.batchLength) {
        let part = Array(names[start..<min(start + FactsSweep.batchLength, names.count)])
        let keys = try await select(part, wanted, &untold)
        if keys.isEmpty { continue }
        guard await page(keys) else { return untold }
      }
    } while cursor != 0
    return untold
  }

  private func scan(from cursor: UInt64, pattern: [UInt8]?) async throws(Failure) -> (UInt64, [KeyName]) {
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
    return (next, reply[1].children.map { KeyName($0.bytes) })
  }

  /// Those of the names that belong to the list, with the facts that are wanted. What costs the server more than a
  /// deadline is only read of keys that meet the condition.
  private func select(
    _ names: [KeyName], _ wanted: ListQuestion, _ untold: inout UntoldKeys
  ) async throws(Failure) -> [KeyFacts] {
    var keys = names.map { KeyFacts(name: $0) }
    if wanted.ttl != nil || wanted.facts == .deadlines {
      keys = try await readDeadlines(of: names)
      for key in keys where !key.isGone && (key.deadline.value ?? .unknown) == .unknown { untold.note(key) }
      keys = keys.filter { !$0.isGone && isMet(wanted.ttl, by: $0) ?? false }
    }
    if wanted.facts == .all, !keys.isEmpty {
      keys = try await readFacts(of: keys.map(\.name), withSize: true, withClock: true, on: sweepLink)
      // A deadline may have been moved between the two.
      keys = keys.filter { !$0.isGone && isMet(wanted.ttl, by: $0) ?? true }
    }
    return keys
  }

  private func isMet(_ condition: TTLCondition?, by key: KeyFacts) -> Bool? {
    guard let condition else { return true }
    return condition.isMet(by: key.deadline.value ?? .unknown, at: clock.serverTime(at: MonotonicClock.now()))
  }
}
