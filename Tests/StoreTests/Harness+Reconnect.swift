import RedisClient
import Requests
import Store
import TestSupport
import Testing

extension Harness {
  /// Connected, scanned, and it knows whom it talks to.
  static func ready(
    _ server: TestServer, user: String? = nil, database: Int = 0, through proxy: FaultProxy? = nil,
    keepAlive: Duration? = nil
  ) async throws -> Harness {
    let harness = try await Harness(
      server, user: user, password: user == nil ? nil : "pw", database: database, through: proxy,
      keepAlive: keepAlive)
    try await harness.scan(database)
    #expect(await eventually { await harness.store.isGreeted })
    _ = await harness.store.answer(.serverFacts)
    return harness
  }

  /// Connected again, and told by whom.
  var isBack: Bool {
    get async { await eventually { self.linkStates.last == .connected && !self.reconnections.isEmpty } }
  }
}
