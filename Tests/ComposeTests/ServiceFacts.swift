import Testing
import YAML

@testable import Compose

/// What a service comes to, without where that stands.
struct ServiceFacts: Sendable, Equatable {
  var image: String?
  var ports: [[String]]
  var exposed: [Int]
  var environment: [[String]]
  var entrypoint: [String]
  var command: [String]
  var login: String
  var reach: ComposeService.Reach?

  /// What is not the same, a line each.
  func differences(from other: ServiceFacts?) -> [String] {
    guard let other else { return ["a service that the other does not know"] }
    return zip(Mirror(reflecting: self).children, Mirror(reflecting: other).children).compactMap { ours, theirs in
      let texts = (String(reflecting: ours.value), String(reflecting: theirs.value))
      return texts.0 == texts.1 ? nil : "\(ours.label ?? ""): \(texts.0), of Compose \(texts.1)"
    }
  }

  static func all(file: String?, in surroundings: ComposeSurroundings) throws -> [String: ServiceFacts] {
    let project = try ComposeProject.find(file: file, in: surroundings)
    var reader = ComposeFileReader()
    let found = try ComposeLocator(file, surroundings, &reader)
    var loader = ComposeLoader(reader: reader)
    let draft = try loader.load(found.files, folder: found.folder, variables: found.variables)
    return try draft.services.reduce(into: [:]) { result, draft in
      let service = try #require(project.service(named: draft.name))
      result[draft.name] = facts(service, draft, &loader.reader)
    }
  }

  private static func facts(
    _ service: ComposeService, _ draft: ServiceDraft, _ reader: inout ComposeFileReader
  ) -> ServiceFacts {
    var environment = ServiceEnvironment()
    var notes: [Complaint] = []
    environment.read(draft.node, draft.variables, home: nil, &reader, &notes)
    let login = service.redis.map {
      "\($0.product) \($0.port) \($0.tlsPort ?? 0) \(String(decoding: $0.user ?? [], as: UTF8.self)) "
        + "\(String(decoding: $0.password?.bytes ?? [], as: UTF8.self)) \($0.missingPassword ?? "")"
    }
    return ServiceFacts(
      image: service.image,
      ports: Set(
        service.ports.map {
          [$0.hostIP ?? "", $0.hostPort.map(String.init) ?? "", String($0.containerPort), $0.networkProtocol]
        }
      ).sorted { $0.joined(separator: " ") < $1.joined(separator: " ") },
      exposed: Set(service.exposed).sorted(),
      environment: environment.values.filter { !$0.key.isEmpty }.map { [$0.key, $0.value.value] }.sorted {
        $0[0] < $1[0]
      },
      entrypoint: words(draft.node["entrypoint"]), command: words(draft.node["command"]), login: login ?? "",
      reach: service.reach)
  }

  private static func words(_ node: ComposeNode?) -> [String] {
    if let text = node?.text { return (try? CommandText(text))?.words.map(\.string) ?? [] }
    return node?.items.compactMap(\.string) ?? []
  }
}
