import TestSupport
import Testing
import YAML

@testable import Compose

/// What `docker-compose config` makes of files, after interpolation and merging, is what Keyglass makes of them.
@Suite struct ComposeOracleTests {
  /// The fixtures that its first version can read, too.
  static let first = fixtures(
    "anchors", "command", "config-file", "environment", "extends", "networks", "override", "ports-long", "ports-short",
    "shell", "upwards", "version-1")

  /// Those that nothing is wrong with for its second version.
  static let second = fixtures(
    "access-rules", "anchors", "builds", "command", "command-text", "config-file", "configs", "environment", "extends",
    "images",
    "interpolation", "named", "networks", "override", "override-tags", "ports-chosen-of-range", "ports-long",
    "ports-short", "ports-six", "plain-values", "products", "profiles", "several", "shell", "upwards")

  private static func fixtures(_ names: String...) -> [FixtureProject] {
    FixtureProject.all.filter { names.contains($0.name) }
  }

  @Test(.enabled(if: ComposeOracle.first != nil, "docker-compose 1 is not installed"), arguments: first)
  func `docker-compose 1 reads it the same`(fixture: FixtureProject) throws {
    try compare(fixture, with: #require(ComposeOracle.first))
  }

  @Test(.enabled(if: ComposeOracle.second != nil, "Docker Compose 2 is not here"), arguments: second)
  func `Docker Compose 2 reads it the same`(fixture: FixtureProject) throws {
    try compare(fixture, with: #require(ComposeOracle.second))
  }

  private func compare(_ fixture: FixtureProject, with oracle: ComposeOracle) throws {
    let project = try fixture.find()
    let theirs: [String: ServiceFacts]
    do {
      theirs = try oracle.facts(in: project.folder, variables: fixture.variables)
    } catch let error as ComposeOracle.Refusal {
      Issue.record("\(error.text)")
      return
    }
    let ours = try ServiceFacts.all(
      file: nil, in: ComposeSurroundings(folder: project.folder, variables: fixture.variables))
    #expect(Set(ours.keys) == Set(theirs.keys))
    for (name, facts) in ours { #expect(facts.differences(from: theirs[name]) == [], "\(name)") }
  }
}

/// A program that says what a file comes to.
struct ComposeOracle: Sendable {
  /// The program with its options.
  let words: [String]

  /// That of the machine, where it is of the first version.
  static let first: ComposeOracle? = {
    let script = "docker-compose version --short 2> /dev/null"
    let version = (try? Run.output(["/bin/sh", "-c", script]).output) ?? ""
    return version.hasPrefix("1.") ? ComposeOracle(words: ["docker-compose"]) : nil
  }()

  /// What `.ci/compose` has fetched.
  static let second: ComposeOracle? = Run.currentEnvironment.first { $0.hasPrefix("KEYGLASS_COMPOSE=") }
    .map { String($0.dropFirst("KEYGLASS_COMPOSE=".count)) }
    .flatMap { $0.isEmpty ? nil : ComposeOracle(words: [$0, "--profile", "*"]) }

  /// It takes a file for wrong.
  struct Refusal: Error {
    let text: String
  }

  /// What the project in a folder comes to.
  func facts(in folder: String, variables: [String: String] = [:]) throws -> [String: ServiceFacts] {
    let output = try TestFolder.make()
    defer { TestFolder.remove(output) }
    let environment = Run.currentEnvironment + variables.map { "\($0.key)=\($0.value)" }
    // Its first version looks for the default files only where it is started.
    let script = #"cd "$1" && out=$2 && shift 2 && "$@" config > "$out/docker-compose.yml" 2> "$out/errors""#
    let run = try Run.output(["/bin/sh", "-c", script, "sh", folder, output] + words, environment: environment)
    guard run.status == 0 else {
      throw Refusal(text: try Run.output(["/bin/cat", "\(output)/errors"]).output)
    }
    return try ServiceFacts.all(file: "\(output)/docker-compose.yml", in: ComposeSurroundings(folder: output))
  }
}
