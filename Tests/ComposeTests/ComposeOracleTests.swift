import TestSupport
import Testing
import YAML

@testable import Compose

/// What `docker-compose config` makes of the fixtures, after interpolation and merging, is what Keyglass makes of them.
@Suite struct ComposeOracleTests {
  /// Those that its first version can read, too.
  static let fixtures = FixtureProject.all.filter {
    [
      "anchors", "command", "config-file", "environment", "extends", "networks", "override",
      "ports-long", "ports-short", "shell", "upwards", "version-1",
    ].contains($0.name)
  }

  static let isInstalled = (try? Run.output(["/bin/sh", "-c", "command -v docker-compose"]).status) == 0

  @Test(.enabled(if: isInstalled, "docker-compose is not installed"), arguments: fixtures)
  func `docker-compose reads it the same`(fixture: FixtureProject) throws {
    let project = try fixture.find()
    let folder = try TestFolder.make()
    defer { TestFolder.remove(folder) }
    let environment = Run.currentEnvironment + fixture.variables.map { "\($0.key)=\($0.value)" }
    // Its first version looks for the default files only where it is started.
    let script = #"cd "$1" && shift && docker-compose config > "$1/docker-compose.yml" 2> "$1/errors""#
    let run = try Run.output(["/bin/sh", "-c", script, "sh", project.folder, folder], environment: environment)
    if run.status != 0, Self.version >= 2 { return }
    let errors = try Run.output(["/bin/cat", "\(folder)/errors"]).output
    try #require(run.status == 0, "\(errors)")

    let theirs = try ServiceFacts.all(file: "\(folder)/docker-compose.yml", in: ComposeSurroundings(folder: folder))
    let ours = try ServiceFacts.all(
      file: nil, in: ComposeSurroundings(folder: project.folder, variables: fixture.variables))
    #expect(Set(ours.keys) == Set(theirs.keys))
    for (name, facts) in ours { #expect(facts == theirs[name], "\(name)") }
  }

  static let version: Int = {
    let output = (try? Run.output(["/bin/sh", "-c", "docker-compose version --short 2> /dev/null"]).output) ?? ""
    return Int(output.drop { !$0.isNumber }.prefix { $0.isNumber }) ?? 0
  }()
}

/// What a service comes to, without where that stands.
struct ServiceFacts: Equatable {
  var image: String?
  var ports: Set<[String]>
  var exposed: Set<Int>
  var environment: [String: String]
  var entrypoint: [String]
  var command: [String]
  var login: String
  var reach: ComposeService.Reach?

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
        }),
      exposed: Set(service.exposed), environment: environment.values.mapValues(\.value),
      entrypoint: words(draft.node["entrypoint"]), command: words(draft.node["command"]), login: login ?? "",
      reach: service.reach)
  }

  private static func words(_ node: ComposeNode?) -> [String] {
    if let text = node?.text { return ShellWords.split(text)?.map(\.string) ?? [] }
    return node?.items.compactMap(\.string) ?? []
  }
}
