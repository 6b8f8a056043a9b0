package import Browser
package import Compose
import RedisClient
import YAML

extension ComposeListing {
  /// What the screen shows of a project.
  /// - Parameters:
  ///   - engine: nil: it is being looked for.
  ///   - prefix: the words that every command begins with.
  package init(
    _ project: ComposeProject, engine: ComposeEngine?, prefix: [String], _ known: ComposeRoute.Knowledge
  ) {
    self.init(
      name: project.name, folder: project.folder, files: project.files.map { Self.short($0, in: project.folder) },
      services: project.services.map { ComposeEntry($0, known) }, notes: project.notes.map { "\($0)" })
    switch engine?.tool {
    case .success(let tool): self.tool = .found(words: prefix, version: tool.version)
    case .failure(let missing): self.tool = .missing(why: missing.why)
    case nil: break
    }
    if let why = known.trouble {
      self.engine = .fails(why: why)
    } else if known.containers != nil {
      self.engine = .answers
    }
  }

  /// The path without the folder where it lies in it.
  static func short(_ path: String, in folder: String) -> String {
    path.hasPrefix(folder + "/") ? String(path.dropFirst(folder.utf8.count + 1)) : path
  }
}

extension ComposeEntry {
  package init(_ service: ComposeService, _ known: ComposeRoute.Knowledge) {
    self.init(
      name: service.name, image: service.image ?? service.build.map { "build \($0)" } ?? "",
      product: service.redis?.product.rawValue)
    let own = known.containers?.filter { $0.service == service.name }.sorted { $0.number < $1.number }
    containers = own.map { Containers($0) }
    ports = Self.ports(service, own ?? [])
    restart = service.restart ?? ""
    if !service.isChosen { unchosenProfiles = service.profiles }
    notes = service.notes.map { "\($0)" }
    if let flaw = service.flaw {
      self.flaw = "\(flaw)"
      if !notes.contains("\(flaw)") { notes.insert("\(flaw)", at: 0) }
    }
    guard let redis = service.redis else { return }
    evidence = redis.evidence
    (user, usesTLS) = (redis.user, redis.connection.usesTLS)
    passwordSource = redis.password?.source
    if let why = redis.missingPassword { notes.append("the password is not known: \(why)") }
    let route = ComposeRoute.find(service, redis, known)
    (address, reach) = (route.address?.display, route.how)
    // What the engine starts again by itself is waited for.
    obstacle = route.waitsForStart && containers?.isOnItsWay == true ? nil : route.obstacle
    advice = route.advice
  }

  /// As they are now, else as the file has them; each once.
  private static func ports(_ service: ComposeService, _ containers: [ComposeContainer]) -> String {
    let published = containers.flatMap(\.published)
    // Published on all addresses is published on all of IPv6, too: once is enough.
    let now = published.filter { port in
      port.hostIP != "::"
        || !published.contains { $0.hostIP == "0.0.0.0" && $0.hostPort == port.hostPort }
    }.map { "\(bracketed($0.hostIP)):\($0.hostPort)->\($0.containerPort)" }
    let written = service.ports.map { port in
      let host = port.hostIP.map { bracketed($0) + ":" } ?? ""
      let suffix = port.networkProtocol == "tcp" ? "" : "/\(port.networkProtocol)"
      return host + (port.hostPort.map(String.init) ?? "?") + "->\(port.containerPort)\(suffix)"
    }
    var seen: Set<String> = []
    return (now.isEmpty ? written : now).filter { seen.insert($0).inserted }.joined(separator: ", ")
  }

  private static func bracketed(_ host: String) -> String { host.contains(":") ? "[\(host)]" : host }
}

extension ComposeEntry.Containers {
  fileprivate var isOnItsWay: Bool { if case .restarting = state { true } else { false } }

  /// - Parameter containers: of one service, by their numbers.
  init(_ containers: [ComposeContainer]) {
    let first = containers.first { $0.state == .running } ?? containers.first
    let state: State =
      switch first?.state {
      case nil: .absent
      case .created: .created
      case .running: .running
      case .paused: .paused
      case .restarting: .restarting(count: first?.restartCount ?? 0)
      case .removing: .removing
      case .exited: .exited(code: first?.exitCode ?? 0)
      case .dead: .dead
      }
    let health: Health? =
      switch first?.health {
      case nil: nil
      case .starting: .starting
      case .healthy: .healthy
      case .unhealthy: .unhealthy
      }
    self.init(
      state: state, health: state == .running ? health : nil, running: containers.count { $0.state == .running },
      total: containers.count, error: first?.error ?? "")
  }
}
