/// Reads from the engine what containers a project has.
package enum ComposeContainers {
  /// The containers of the project as they are now, by service and number; those of `run` (one-off) are left out.
  ///
  /// - Parameters:
  ///   - project: its name, as the label `com.docker.compose.project` has it.
  ///   - environment: nil is this process's own.
  ///   - limit: for each of the two programs that are asked.
  @concurrent
  package static func read(
    project: String, environment: [String: String]? = nil, limit: Duration = .seconds(10)
  ) async -> Result<[ComposeContainer], EngineTrouble> {
    do throws(EngineTrouble) {
      let list = try await docker(
        ["ps", "--all", "--quiet", "--no-trunc", "--filter", "label=com.docker.compose.project=\(project)"],
        environment, limit)
      guard list.succeeded else { throw list.trouble(of: "docker") }
      let ids = list.output.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) }
      guard ids.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isHexDigit) }) else {
        throw Self.unreadable("docker ps")
      }
      guard !ids.isEmpty else { return .success([]) }
      let facts = try await docker(
        ["inspect", "--type", "container", "--format", InspectedContainer.template] + ids, environment, limit)
      // A container that has gone since is no trouble: docker tells the others all the same.
      guard facts.succeeded || Self.complainsOnlyOfAbsence(facts.error) else { throw facts.trouble(of: "docker") }
      var containers: [ComposeContainer] = []
      for line in facts.output.split(separator: UInt8(ascii: "\n")) {
        guard let inspected = InspectedContainer(line: line) else { throw Self.unreadable("docker inspect") }
        if !inspected.isOneOff { containers.append(inspected.container) }
      }
      return .success(
        containers.sorted { ($0.service, $0.number, $0.name, $0.id) < ($1.service, $1.number, $1.name, $1.id) })
    } catch {
      return .failure(error)
    }
  }

  private static func docker(
    _ words: [String], _ environment: [String: String]?, _ limit: Duration
  ) async throws(EngineTrouble) -> ShortCommand.Answer {
    do throws(ShortCommand.Failure) {
      return try await ShortCommand.answer(["docker"] + words, environment: environment, limit: limit)
    } catch {
      throw error.trouble(of: "docker")
    }
  }

  private static func unreadable(_ command: String) -> EngineTrouble {
    EngineTrouble("\(command) wrote what Keyglass cannot read")
  }

  /// `Error: No such object: 0123…`, `Error response from daemon: No such container: 0123…`, one a line.
  private static func complainsOnlyOfAbsence(_ text: [UInt8]) -> Bool {
    let lines = String(decoding: text, as: UTF8.self).lowercased().split { $0.isNewline }
    return !lines.isEmpty
      && lines.allSatisfy { line in
        line.firstRange(of: "no such object") != nil || line.firstRange(of: "no such container") != nil
      }
  }

  private static func isHexDigit(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"): true
    default: false
    }
  }
}
