package import Compose
package import RedisClient

/// Where a service of a Compose project is reached from here, by what its files and the engine tell.
package struct ComposeRoute: Sendable, Equatable {
  /// Where it is, or is to be expected as soon as it runs; nil: nowhere.
  package var address: Endpoint.Address?
  /// How it is reached, in a few words.
  package var how = ""
  /// Why nothing can connect there now, in a sentence; nil: one may.
  package var obstacle: String?
  /// What the engine says went wrong; any text. Empty: nothing.
  package var engineWords = ""
  /// Lines for its file with which it could be reached.
  package var advice: [String] = []
  /// It would be reached if it ran.
  package var waitsForStart = false

  /// What is known beside the files.
  package struct Knowledge: Sendable {
    /// All of the project's; nil: the engine does not tell.
    package var containers: [ComposeContainer]?
    /// Why it does not; nil: it was not asked.
    package var trouble: String?
    /// The machine of the engine; nil: this one.
    package var remoteHost: String?
    /// Why addresses of containers lead nowhere from here; nil: they should lead there.
    package var networkObstacle: String?
    /// Ports of this machine that services without one could be given, by their names: each its own.
    package var freePorts: [String: Int] = [:]
    /// Containers of another project that has the same name: its folder, by their ids.
    package var foreign: [String: String] = [:]

    package init(
      containers: [ComposeContainer]? = nil, trouble: String? = nil, remoteHost: String? = nil,
      networkObstacle: String? = nil, foreign: [String: String] = [:]
    ) {
      (self.containers, self.trouble) = (containers, trouble)
      (self.remoteHost, self.networkObstacle, self.foreign) = (remoteHost, networkObstacle, foreign)
    }
  }

  private init(_ address: Endpoint.Address?, how: String = "", obstacle: String? = nil, advice: [String] = []) {
    (self.address, self.how, self.obstacle, self.advice) = (address, how, obstacle, advice)
  }

  /// - Parameter service: one that speaks Redis.
  package static func find(_ service: ComposeService, _ redis: ComposeRedis, _ known: Knowledge) -> ComposeRoute {
    if let flaw = service.flaw { return ComposeRoute(nil, obstacle: "\(flaw)") }
    guard let containers = known.containers else { return byFile(service, redis, known) }
    let own = containers.filter { $0.service == service.name }.sorted { $0.number < $1.number }
    if let foreign = own.first.flatMap({ known.foreign[$0.id] }) {
      let why =
        "the container of '\(service.name)' is of another project of the same name, in \(foreign): up here would take it over"
      return ComposeRoute(nil, obstacle: why)
    }
    guard let container = own.first(where: { $0.state == .running || $0.state == .paused }) else {
      return notRunning(service, redis, own.first, known)
    }
    var route = route(to: container, service, redis, among: containers, known)
    if container.state == .paused { route.obstacle = "'\(service.name)' is paused: 'docker unpause' lets it go on" }
    return route
  }

  // MARK: - As the engine tells it

  private static func route(
    to container: ComposeContainer, _ service: ComposeService, _ redis: ComposeRedis,
    among containers: [ComposeContainer], _ known: Knowledge
  ) -> ComposeRoute {
    let port = redis.connection.port
    let host = known.remoteHost ?? "127.0.0.1"
    if container.usesHostNetwork {
      return ComposeRoute(.tcp(host: host, port: port), how: "it shares the network of the machine")
    }
    // As it is now, which is not as the file has it where that was edited since.
    var owner = container
    if let id = container.sharesNetworkOf {
      guard let shared = containers.first(where: { $0.id == id && $0.state == .running }) else {
        return ComposeRoute(
          nil,
          obstacle: "'\(service.name)' shares the network of a container that is not of this project, or does not run")
      }
      owner = shared
    }
    let bindings = owner.published.filter { $0.containerPort == port }
    // IPv6 comes second: the engine publishes on both, and everything here speaks IPv4.
    var wanted: Int?
    if case .published(_, let port)? = service.reach { wanted = port }
    let near = bindings.filter { !$0.hostIP.contains(":") }
    if let found = near.first(where: { $0.hostPort == wanted }) ?? near.first ?? bindings.first {
      return published(found.hostIP, found.hostPort, service, known)
    }
    if known.networkObstacle == nil, let address = owner.addresses.first {
      return ComposeRoute(.tcp(host: address, port: port), how: "by the address of its container")
    }
    return unpublished(service, port, known.networkObstacle ?? "its container has no address", known)
  }

  private static func notRunning(
    _ service: ComposeService, _ redis: ComposeRedis, _ container: ComposeContainer?, _ known: Knowledge
  ) -> ComposeRoute {
    var route = byFile(service, redis, known)
    let why =
      switch container?.state {
      case nil: "has no container"
      case .created: "was made but not started"
      case .restarting: "ends and is started again"
      case .exited, .dead: "has ended with status \(container?.exitCode ?? 0)"
      case .removing: "is being removed"
      case .running, .paused: "is not running"
      }
    if route.address == nil, case .some(.none) = service.reach { return route }
    (route.obstacle, route.waitsForStart) = ("'\(service.name)' \(why)", true)
    route.engineWords = container?.error ?? ""
    route.advice = []
    return route
  }

  // MARK: - As the files tell it

  private static func byFile(_ service: ComposeService, _ redis: ComposeRedis, _ known: Knowledge) -> ComposeRoute {
    let port = redis.connection.port
    // Where it was asked, what is missing is a container, not an answer.
    let silence = known.containers != nil ? "no container tells" : known.trouble ?? "the engine was not asked"
    guard let reach = service.reach else {
      return ComposeRoute(nil, obstacle: "nothing says how '\(service.name)' can be reached")
    }
    switch reach {
    case .published(let host, let port):
      // On all addresses, or on the machine's own network: so it is on a remote machine's, too.
      let isEverywhere =
        service.networkMode == "host"
        || service.ports.contains { $0.hostPort == port && ["", "0.0.0.0", "::"].contains($0.hostIP ?? "") }
      return published(isEverywhere ? "" : host, port, service, known)
    case .chosenByEngine:
      return ComposeRoute(
        nil, obstacle: "the engine chooses the port of '\(service.name)', and does not say which: \(silence)",
        advice: advice(service, port, known))
    case .inside:
      if let why = known.networkObstacle { return unpublished(service, port, why, known) }
      return ComposeRoute(
        nil, obstacle: "'\(service.name)' publishes no port, and the address of its container is not known: \(silence)",
        advice: advice(service, port, known))
    case .none(let why):
      return ComposeRoute(nil, obstacle: "'\(service.name)' cannot be reached from here: \(why)")
    }
  }

  private static func unpublished(
    _ service: ComposeService, _ port: Int, _ why: String, _ known: Knowledge
  ) -> ComposeRoute {
    ComposeRoute(
      nil, obstacle: "'\(service.name)' publishes no port, and \(why)", advice: advice(service, port, known))
  }

  private static func advice(_ service: ComposeService, _ port: Int, _ known: Knowledge) -> [String] {
    let free = known.freePorts[service.name] ?? port
    return ["services:", "  \(service.name):", "    ports: [\"127.0.0.1:\(free):\(port)\"]"]
  }

  /// A port for each Redis service that publishes none, which no service of the project has.
  package static func freePorts(_ project: ComposeProject) -> [String: Int] {
    var taken = Set(project.services.flatMap(\.ports).compactMap(\.hostPort))
    var free: [String: Int] = [:]
    for service in project.services {
      switch service.reach {
      case .inside(var port), .chosenByEngine(var port):
        while taken.contains(port), port < 65_535 { port += 1 }
        taken.insert(port)
        free[service.name] = port
      case .published, .some(.none), nil: break
      }
    }
    return free
  }

  private static func published(
    _ hostIP: String, _ port: Int, _ service: ComposeService, _ known: Knowledge
  ) -> ComposeRoute {
    let isEverywhere = ["", "0.0.0.0", "::"].contains(hostIP)
    guard let remote = known.remoteHost else {
      // What is published on all addresses is on the nearest.
      return ComposeRoute(.tcp(host: isEverywhere ? "127.0.0.1" : hostIP, port: port), how: "published")
    }
    if hostIP.hasPrefix("127.") || hostIP == "::1" {
      return ComposeRoute(
        nil, obstacle: "'\(service.name)' is published on \(hostIP) of \(remote) alone, which is not reached from here")
    }
    return ComposeRoute(.tcp(host: isEverywhere ? remote : hostIP, port: port), how: "published")
  }
}
