import Browser
import Compose
import RedisClient
import YAML

/// `keyglass compose --json`: the services of the project, one object a line. No password is in it.
struct ComposeReport {
  let desk: ComposeDesk

  /// Blocks until it is written.
  func run() throws(ErrorLine) -> ExitStatus {
    let result = Handover<Result<[String], ErrorLine>>()
    Task { result.set(await lines()) }
    switch result.wait() ?? .success([]) {
    case .failure(let error): throw error
    case .success(let lines):
      try Output.deliver(lines.map { $0 + "\n" }.joined())
      return .success
    }
  }

  private func lines() async -> Result<[String], ErrorLine> {
    switch await desk.read() {
    case .failure(let error): return .failure(error.line("compose"))
    case .success(let project):
      for note in project.notes { Output.complain("keyglass: \(note)") }
      let known = await desk.knowledge(of: project)
      return .success(project.services.map { Self.line($0, of: project, known) })
    }
  }

  static func line(_ service: ComposeService, of project: ComposeProject, _ known: ComposeRoute.Knowledge) -> String {
    let entry = ComposeEntry(service, known)
    let own = known.containers?.filter { $0.service == service.name }
    var line = JSONLine()
    line.add("project", project.name)
    line.add("service", service.name)
    line.add("image", service.image)
    line.add("build", service.build)
    line.add("container_name", service.containerName)
    line.add("restart", service.restart)
    line.add("scale", service.scale)
    line.add("expose", service.exposed)
    line.add("profiles", service.profiles)
    line.add("state", own.map { $0.isEmpty ? "absent" : entry.containers?.state.word ?? "absent" })
    line.add("health", entry.containers?.health?.word)
    line.add("running", entry.containers?.running)
    line.add("containers", own?.map(\.name) ?? [])
    line.add("ports", entry.ports.isEmpty ? [] : entry.ports.split(separator: ", ").map(String.init))
    line.add("redis", entry.product)
    if let redis = service.redis {
      let route = ComposeRoute.find(service, redis, known)
      line.add("evidence", redis.evidence)
      var (host, port): (String?, Int?) = (nil, nil)
      if case .tcp(let name, let number)? = route.address { (host, port) = (name, number) }
      line.add("host", host)
      line.add("port", port)
      line.add("tls", redis.connection.usesTLS)
      line.add("reach", route.how.isEmpty ? nil : route.how)
      line.add("obstacle", route.obstacle)
      line.add("user", redis.user.map { String(decoding: $0, as: UTF8.self) })
      line.add("password", redis.password != nil)
      line.add("password_source", redis.password?.source)
    }
    line.add("notes", entry.notes)
    return line.line
  }
}

extension ComposeEntry.Containers.State {
  /// As docker calls it.
  var word: String {
    switch self {
    case .absent: "absent"
    case .created: "created"
    case .running: "running"
    case .paused: "paused"
    case .restarting: "restarting"
    case .removing: "removing"
    case .exited: "exited"
    case .dead: "dead"
    }
  }
}

extension ComposeEntry.Containers.Health {
  var word: String {
    switch self {
    case .starting: "starting"
    case .healthy: "healthy"
    case .unhealthy: "unhealthy"
    }
  }
}
