import Canvas
import Requests
import Testing

@testable import Browser

extension Setup {
  /// A server whose profile says `env: prod`, unless it says something else.
  static func profile(
    _ name: String = "prod-cache", _ stage: DeploymentStage? = .prod, isReadOnly: Bool = false
  ) -> Setup {
    var setup = Setup(endpointName: "10.0.0.5:6379", isReadOnly: isReadOnly, previewDelay: nil)
    setup.place = .profile(name)
    setup.profile = name
    setup.stage = stage
    setup.configPath = "/home/ada/.config/keyglass/config.yaml"
    return setup
  }
}

extension ServerEntry {
  static func profile(
    _ name: String, _ address: String, stage: DeploymentStage? = nil, database: Int = 0, user: String? = nil,
    minutesAgo: Int64? = nil, usesTLS: Bool = false, isReadOnly: Bool = false
  ) -> ServerEntry {
    var entry = ServerEntry(
      .profile(name), address: address, database: database, user: user.map { Array($0.utf8) }, stage: stage,
      usesTLS: usesTLS, lastUsed: minutesAgo.map { Harness.wall - $0 * 60_000 }, commandLine: "keyglass @\(name)")
    entry.isReadOnly = isReadOnly
    return entry
  }

  static func recent(_ address: String, database: Int = 0, minutesAgo: Int64 = 1) -> ServerEntry {
    ServerEntry(
      .address(address, database: database, user: nil, usesTLS: false), address: address, database: database,
      lastUsed: Harness.wall - minutesAgo * 60_000, commandLine: "keyglass -h \(address)")
  }
}

extension Harness {
  static let entries: [ServerEntry] = [
    .profile("prod-cache", "10.0.0.5:6379", stage: .prod, user: "app", minutesAgo: 120, usesTLS: true),
    .recent("127.0.0.1:6379", database: 3, minutesAgo: 600),
    .profile("staging", "[fd00::12]:6380", stage: .staging, minutesAgo: 5 * 24 * 60),
    .profile("local", "/run/redis/redis.sock", stage: .dev, database: 1, isReadOnly: true),
  ]

  /// `C` was pressed, and the servers are there.
  static func servers(
    _ entries: [ServerEntry] = Harness.entries, size: Size = Size(width: 120, height: 36),
    setup: Setup = .profile()
  ) -> Harness {
    var harness = Harness(["a", "b", "c"], size: size, setup: setup)
    harness.press(.character("C"))
    #expect(harness.effects.contains(.listServers))
    harness.send(.servers(entries))
    harness.forgetEffects()
    return harness
  }

  /// Servers that were tried since the last look.
  var tested: [ServerPlace] { effects.compactMap { if case .testServer(let place) = $0 { place } else { nil } } }

  /// Attempts to connect since the last look.
  var attempts: [(number: Int, place: ServerPlace, password: Secret?)] {
    effects.compactMap {
      if case .connect(let number, let place, let password) = $0 { (number, place, password) } else { nil }
    }
  }

  /// What the gate was told since the last look.
  var locks: [Bool] { effects.compactMap { if case .lockWrites(let isLocked) = $0 { isLocked } else { nil } } }

  /// The question for the name is answered with it.
  mutating func unlock(_ name: String = "prod-cache") {
    press(.character("L"))
    advance(200)
    type(name)
    press(.enter)
  }
}
