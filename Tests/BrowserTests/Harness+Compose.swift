import Canvas
import Requests
import Testing

@testable import Browser

extension ComposeEntry {
  typealias State = Containers.State

  static func redis(
    _ name: String, _ state: State? = .running, address: String? = "127.0.0.1:16399", obstacle: String? = nil
  ) -> ComposeEntry {
    var entry = ComposeEntry(name: name, image: "redis:7-alpine", product: "redis")
    entry.evidence = "image redis:7-alpine"
    entry.containers = state.map {
      Containers(state: $0, running: $0 == .running ? 1 : 0, total: $0 == .absent ? 0 : 1)
    }
    entry.address = address
    entry.reach = address == nil ? "" : "published"
    entry.ports = address.map { "\($0)->6379" } ?? ""
    entry.obstacle = obstacle
    return entry
  }

  static func other(_ name: String, _ image: String, _ state: State?, ports: String = "") -> ComposeEntry {
    var entry = ComposeEntry(name: name, image: image)
    entry.containers = state.map {
      Containers(state: $0, running: $0 == .running ? 1 : 0, total: $0 == .absent ? 0 : 1)
    }
    entry.ports = ports
    return entry
  }
}

extension ComposeListing {
  static let tool = Tool.found(words: ["docker", "compose"], version: "2.29.7")

  /// One service of each kind.
  static func shop(tool: Tool = ComposeListing.tool, engine: Engine = .answers) -> ComposeListing {
    var cache = ComposeEntry.redis("cache")
    cache.containers?.health = .healthy
    cache.passwordSource = "REDIS_PASSWORD in .env"
    var inner = ComposeEntry.redis("inner", address: "172.18.0.2:6379")
    inner.ports = ""
    inner.reach = "by the address of its container"
    inner.user = Array("app".utf8)
    inner.containers?.health = .starting
    var sessions = ComposeEntry.redis("sessions", .exited(code: 1), address: "127.0.0.1:16400")
    (sessions.image, sessions.product) = ("valkey/valkey:8", "valkey")
    var hidden = ComposeEntry.redis(
      "hidden", .running, address: nil,
      obstacle: "publishes no port, and containers are not reached by their addresses from here")
    hidden.advice = ["ports:", "  - \"127.0.0.1:6379:6379\""]
    var queue = ComposeEntry.redis("queue", .restarting(count: 5), address: "127.0.0.1:16401")
    queue.notes = ["docker-compose.yml:31:5: 'prots' is no key of a service; it is not used"]
    var debug = ComposeEntry.other("redis-commander", "rediscommander/redis-commander", .absent, ports: "8081->8081")
    debug.unchosenProfiles = ["debug"]
    var broken = ComposeEntry(name: "broken")
    broken.flaw = "docker-compose.yml:40:3: service 'broken' has neither image nor build"
    broken.notes = [broken.flaw ?? ""]
    var services = [
      cache, .other("db", "postgres:16", .running, ports: "127.0.0.1:5432->5432"), inner, sessions, hidden, queue,
      .other("web", "build ./web", .created, ports: "8080->80"), .other("worker", "build ./web", .paused), debug,
      broken,
    ]
    if engine != .answers {
      for index in services.indices { services[index].containers = nil }
    }
    return ComposeListing(
      name: "shop", folder: "/home/ada/shop", files: ["docker-compose.yml", "docker-compose.override.yml"],
      services: services, notes: ["docker-compose.yml:1:1: 'version' is obsolete"], tool: tool, engine: engine)
  }
}

extension Harness {
  /// `C`, then `c` were pressed, and the project is there.
  static func compose(
    _ finding: ComposeFinding = .project(.shop()), size: Size = Size(width: 120, height: 36),
    setup: Setup = Setup(endpointName: "127.0.0.1:6379", previewDelay: nil)
  ) -> Harness {
    var harness = Harness.servers(size: size, setup: setup)
    harness.press(.character("c"))
    harness.send(.compose(finding))
    harness.forgetEffects()
    return harness
  }

  /// As `keyglass compose` begins.
  static func serverless(
    _ finding: ComposeFinding? = .project(.shop()), size: Size = Size(width: 120, height: 36), isPlain: Bool = false
  ) -> Harness {
    var harness = Harness(size: size)
    var setup = Setup(endpointName: "", isPlain: isPlain)
    setup.isServerless = true
    harness.state = State(setup: setup, size: size, monotonic: 1_000_000, wall: wall)
    harness.effects = Browser.startWithoutServer(&harness.state)
    if let finding { harness.send(.compose(finding)) }
    return harness
  }

  /// The cursor goes to this service; nil: to the project's row.
  mutating func stand(on service: String?) {
    press(.character("g"))
    guard let service else { return }
    for _ in 0..<(state.compose.listing?.services.count ?? 0) where state.compose.serviceUnderCursor?.name != service {
      press(.down)
    }
    #expect(state.compose.serviceUnderCursor?.name == service)
  }

  /// Commands since the last look.
  var commands: [[String]] {
    effects.compactMap { if case .runCompose(_, let words, _) = $0 { words } else { nil } }
  }

  var cancels: [Int] { effects.compactMap { if case .cancelCompose(let run) = $0 { run } else { nil } } }

  var watches: [Bool] { effects.compactMap { if case .watchCompose(let isOn) = $0 { isOn } else { nil } } }

  var hasRequests: Bool { effects.contains { if case .request = $0 { true } else { false } } }

  var footer: String { frame().trimmedRows().last ?? "" }

  mutating func write(_ lines: [String], run: Int = 1) {
    send(.composeOutput(run: run, lines.map { Array($0.utf8) }))
  }

  /// Changes one service of the project, as the watch would tell it.
  mutating func change(_ name: String, _ change: (inout ComposeEntry) -> Void) {
    guard var listing = state.compose.listing, let index = listing.services.firstIndex(where: { $0.name == name })
    else { return }
    change(&listing.services[index])
    send(.compose(.project(listing)))
  }
}
