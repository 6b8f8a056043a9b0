import Foundation
import Testing
import YAML

@testable import Compose

/// A folder of `Fixtures`: a project, and `expected.txt` with what Keyglass is to make of it. Lines of that file that
/// start with `$` say what is given: `$ NAME=VALUE` a variable of the environment, `$ folder: sub` where Keyglass is
/// started, `$ file: x.yml` what it is asked for.
struct FixtureProject: CustomTestStringConvertible {
  let name: String

  static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures").path

  static let all: [FixtureProject] = {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []
    return names.filter { !$0.hasPrefix(".") }.sorted().map { FixtureProject(name: $0) }
  }()

  var testDescription: String { name }
  var folder: String { "\(Self.root)/\(name)" }
  var expectedPath: String { "\(folder)/expected.txt" }
  var expected: String { (try? String(contentsOfFile: expectedPath, encoding: .utf8)) ?? "" }

  var given: [String] { expected.split(separator: "\n").filter { $0.hasPrefix("$ ") }.map { String($0.dropFirst(2)) } }

  var variables: [String: String] {
    given.filter { $0.contains("=") }.reduce(into: [:]) { result, line in
      let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      result[String(parts[0])] = String(parts[1])
    }
  }

  private func given(_ key: String) -> String? {
    given.first { $0.hasPrefix("\(key): ") }.map { String($0.dropFirst(key.count + 2)) }
  }

  func find() throws(ComposeFileError) -> ComposeProject {
    let start = given("folder").map { "\(folder)/\($0)" } ?? folder
    return try ComposeProject.find(
      file: given("file"), in: ComposeSurroundings(folder: start, variables: variables, home: "/home/of-nobody"))
  }

  /// What is given, and what Keyglass makes of it, as the file is to have it.
  func rendered() -> String {
    var lines = given.map { "$ \($0)" }
    do throws(ComposeFileError) {
      lines += Self.lines(try find())
    } catch {
      switch error {
      case .notFound(let folder): lines.append("not found from \(folder)")
      case .unusable(let complaint): lines.append("unusable \(complaint)")
      }
    }
    return lines.joined(separator: "\n").replacingOccurrences(of: "\(folder)/", with: "")
      .replacingOccurrences(of: folder, with: ".") + "\n"
  }

  static func lines(_ project: ComposeProject) -> [String] {
    var lines = ["project \(project.name) in \(project.folder): \(project.files.joined(separator: " "))"]
    if project.namesFiles { lines[0] += " (to be named)" }
    for service in project.services { lines += Self.lines(service) }
    return lines + project.notes.map { "note \($0)" }
  }

  private static func lines(_ service: ComposeService) -> [String] {
    var words = [service.name.isEmpty ? "''" : service.name]
    if let redis = service.redis {
      words += [redis.product.rawValue, "(\(redis.evidence))", service.reach.map(text) ?? "no reach"]
      if let tls = redis.tlsPort { words.append("tls \(tls)") }
      if let user = redis.user { words.append("user \(String(decoding: user, as: UTF8.self))") }
      if let password = redis.password {
        words.append("password \(shown(String(decoding: password.bytes, as: UTF8.self))) from \(password.source)")
      }
      if let missing = redis.missingPassword { words.append("password missing: \(missing)") }
    } else {
      words.append("-")
    }
    if let container = service.containerName { words.append("named \(container)") }
    if let restart = service.restart { words.append("restart \(restart)") }
    if !service.exposed.isEmpty { words.append("exposed \(service.exposed.map(String.init).joined(separator: ","))") }
    if !service.profiles.isEmpty {
      words.append("profiles \(service.profiles)\(service.isChosen ? "" : " not chosen")")
    }
    if service.scale != 1 { words.append("scale \(service.scale)") }
    return [words.joined(separator: " ")] + (service.flaw.map { ["  flaw \($0)"] } ?? [])
      + service.notes.map { "  note \($0)" }
  }

  private static func text(_ reach: ComposeService.Reach) -> String {
    switch reach {
    case .published(let host, let port): "published \(host):\(port)"
    case .chosenByEngine(let port): "chosen for \(port)"
    case .inside(let port): "inside \(port)"
    case .none(let why): "unreachable: \(why)"
    }
  }
}
