import YAML

/// How the Redis port of a service is reached from this machine, as far as the files tell.
struct Reach {
  private let services: [String: ComposeService]
  private let containers: [String: String]

  init(_ services: [ComposeService]) {
    self.services = .init(services.map { ($0.name, $0) }, uniquingKeysWith: { $1 })
    containers = .init(
      services.compactMap { service in service.containerName.map { ($0, service.name) } }, uniquingKeysWith: { $1 })
  }

  /// Nil where it speaks no Redis.
  func of(_ service: ComposeService) -> ComposeService.Reach? {
    guard let redis = service.redis else { return nil }
    let port = redis.connection.port
    guard port > 0 else { return .some(.none(why: "it listens on no TCP port")) }
    return of(port, service, passed: [service.name])
  }

  /// - Parameter passed: services whose networks have been shared on the way here.
  private func of(_ port: Int, _ service: ComposeService, passed: Set<String>) -> ComposeService.Reach {
    let mode = service.networkMode ?? ""
    if mode == "host" { return .published(host: "127.0.0.1", port: port) }
    if mode == "none" { return .none(why: "network_mode: none") }
    if let name = Self.name(in: mode, behind: "service:") {
      guard let other = services[name] else {
        return .none(why: "it shares the network of '\(shown(name))', which is not there")
      }
      guard !passed.contains(name) else { return .none(why: "network_mode goes in a circle") }
      return of(port, other, passed: passed.union([name]))
    }
    if let container = Self.name(in: mode, behind: "container:") {
      guard let name = containers[container], let other = services[name], !passed.contains(name) else {
        return .none(why: "it shares the network of the container '\(shown(container))'")
      }
      return of(port, other, passed: passed.union([name]))
    }
    return Self.of(port, service.ports)
  }

  private static func name(in mode: String, behind prefix: String) -> String? {
    mode.hasPrefix(prefix) ? String(mode.dropFirst(prefix.count)) : nil
  }

  private static func of(_ port: Int, _ ports: [PublishedPort]) -> ComposeService.Reach {
    let published = ports.filter { $0.containerPort == port && $0.networkProtocol == "tcp" }
    guard !published.isEmpty else { return .inside(containerPort: port) }
    let fixed = published.compactMap { port in port.hostPort.map { (host: host(port.hostIP), port: $0) } }
    // Where it is published on several addresses, this machine's own is the nearest.
    guard let nearest = fixed.first(where: { $0.host == "127.0.0.1" }) ?? fixed.first else {
      return .chosenByEngine(containerPort: port)
    }
    return .published(host: nearest.host, port: nearest.port)
  }

  /// All addresses are reached by this machine's own.
  private static func host(_ address: String?) -> String {
    ["", "0.0.0.0", "::", "localhost"].contains(address ?? "") ? "127.0.0.1" : address ?? ""
  }
}
