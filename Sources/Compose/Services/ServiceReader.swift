import YAML

/// Makes typed services of what the files say.
struct ServiceReader {
  let draft: ComposeDraft
  let folder: String
  let variables: ComposeVariables
  let home: String?
  var reader: ComposeFileReader

  init(
    _ draft: ComposeDraft, folder: String, variables: ComposeVariables, home: String?, reader: ComposeFileReader
  ) {
    (self.draft, self.folder, self.variables, self.home, self.reader) = (draft, folder, variables, home, reader)
  }

  /// All of them, those with a flaw as far as they can be read.
  mutating func all() -> [ComposeService] {
    var services: [ComposeService] = []
    var ports = 0
    for draft in draft.services {
      var service = self.service(draft, ports: &ports)
      service.notes = Array(service.notes.prefix(ComposeDocument.noteLimit))
      services.append(service)
    }
    let reach = Reach(services)
    for index in services.indices { services[index].reach = reach.of(services[index]) }
    return services
  }

  private mutating func service(_ draft: ServiceDraft, ports: inout Int) -> ComposeService {
    var service = ComposeService(name: draft.name)
    (service.notes, service.flaw) = (draft.notes, draft.flaw)
    guard draft.node.entries != nil else {
      service.flaw =
        service.flaw
        ?? draft.node.complaint("the service is \(draft.node.kind); expected a mapping with an image or a build")
      return service
    }
    service.image = string("image", draft.node, &service.notes)
    service.build = build(draft.node, &service.notes)
    if service.image == nil, service.build == nil, draft.node["provider"] == nil {
      service.flaw =
        service.flaw
        ?? draft.node.complaint("the service has neither 'image:' nor 'build:'; it needs one of them")
    }
    service.containerName = string("container_name", draft.node, &service.notes)
    service.restart = string("restart", draft.node, &service.notes)
    service.networkMode =
      string("network_mode", draft.node, &service.notes) ?? string("net", draft.node, &service.notes)
    readProfiles(draft.node, &service)
    readPorts(draft.node, &service, total: &ports)
    readScale(draft.node, &service)
    var detection = RedisDetection(draft, project: self.draft, home: home, reader: reader)
    service.redis = detection.redis(image: service.image, &service.notes)
    reader = detection.reader
    return service
  }

  private func string(_ key: String, _ node: ComposeNode, _ notes: inout [Complaint]) -> String? {
    guard let value = node[key], value.content != .null else { return nil }
    guard let text = value.string else {
      notes.append(value.complaint("'\(key)' is \(value.kind); expected a text"))
      return nil
    }
    return text.isEmpty ? nil : text
  }

  private func build(_ node: ComposeNode, _ notes: inout [Complaint]) -> String? {
    guard let build = node["build"] else { return nil }
    if build.entries != nil {
      // Without a context only in files that have the Dockerfile in them.
      return build["context"]?.string ?? "."
    }
    return string("build", node, &notes)
  }

  private func readProfiles(_ node: ComposeNode, _ service: inout ComposeService) {
    for item in node["profiles"]?.items ?? [] {
      if let profile = item.string, !service.profiles.contains(profile) { service.profiles.append(profile) }
    }
    let chosen = (variables.text("COMPOSE_PROFILES") ?? "").split(separator: ",").map { $0.trimmed }
    service.isChosen =
      service.profiles.isEmpty || chosen.contains("*") || service.profiles.contains { chosen.contains($0[...]) }
  }

  private func readPorts(_ node: ComposeNode, _ service: inout ComposeService, total: inout Int) {
    if let ports = node["ports"], ports.content != .null {
      guard case .sequence(let items) = ports.content else {
        service.notes.append(ports.complaint("'ports' is \(ports.kind); expected a list"))
        return
      }
      var seen: Set<[String]> = []
      for item in items {
        do throws(PortSyntax.Failure) {
          let ports = try PortSyntax.ports(item)
          guard total + ports.count <= PortSyntax.limit * 2 else {
            throw PortSyntax.Failure(why: "more ports than Keyglass reads; it is left out")
          }
          total += ports.count
          for port in ports
          where seen.insert([
            port.hostIP ?? "0.0.0.0", port.hostPort.map(String.init) ?? "", String(port.containerPort),
            port.networkProtocol,
          ]).inserted {
            service.ports.append(port)
          }
        } catch {
          service.notes.append(item.complaint(error.why))
        }
      }
    }
    var known = Set(service.ports.map(\.containerPort))
    for item in node["expose"]?.items ?? [] {
      let text = item.string ?? ""
      let number = text.split(separator: "/", maxSplits: 1).first ?? ""
      guard let range = try? PortSyntax.range(number, text), total + range.count <= PortSyntax.limit * 2 else {
        service.notes.append(item.complaint("'\(shown(text))' in 'expose' is no port; it is left out"))
        continue
      }
      total += range.count
      service.exposed += range.filter { known.insert($0).inserted }
    }
  }

  private func readScale(_ node: ComposeNode, _ service: inout ComposeService) {
    for value in [node["deploy"]?["replicas"], node["scale"]].compactMap({ $0 }) {
      guard let text = value.string, let count = Int(text), count >= 0, count <= 100_000 else {
        service.notes.append(value.complaint("\(value.kind) as a number of containers; expected a small number"))
        continue
      }
      service.scale = count
    }
  }
}

extension Substring {
  /// Without the white space around it.
  var trimmed: Substring {
    var rest = drop(while: \.isWhitespace)
    while rest.last?.isWhitespace == true { rest.removeLast() }
    return rest
  }
}
