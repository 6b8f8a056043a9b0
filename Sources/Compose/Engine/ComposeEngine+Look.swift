import Glibc

extension ComposeEngine {
  /// Looks for what runs Compose commands, `docker compose` before `docker-compose`, and asks whether the engine answers.
  ///
  /// - Parameters:
  ///   - environment: of the programs that are asked: PATH, DOCKER_HOST, DOCKER_CONTEXT; nil is this process's own.
  ///   - limit: for each program. One that does not answer by then is trouble, and is ended.
  @concurrent
  package static func look(
    environment: [String: String]? = nil, limit: Duration = .seconds(10)
  ) async -> ComposeEngine {
    async let tool = findTool(environment, limit)
    async let address = findAddress(environment, limit)
    async let trouble = findTrouble(environment, limit)
    var engine = await ComposeEngine(tool: tool, address: address, trouble: trouble)
    if engine.trouble == Self.noDocker.why, case .success = engine.tool {
      engine.trouble = "\(Self.noDocker.why), and what state containers are in is known only through it"
    }
    return engine
  }

  private static let noDocker = ShortCommand.Failure.absent.trouble(of: "docker")

  private enum Version {
    case found(String)
    case absent
    /// The program is there and does not do it.
    case fails(EngineTrouble)
  }

  private static func version(
    of words: [String], _ environment: [String: String]?, _ limit: Duration
  ) async -> Version {
    let name = words.joined(separator: " ")
    do throws(ShortCommand.Failure) {
      let answer = try await ShortCommand.answer(
        words + ["version", "--short"], environment: environment, limit: limit)
      guard answer.succeeded else { return .fails(answer.trouble(of: name)) }
      // Some releases of Compose 2 begin it with a `v`.
      let text = answer.firstLine.first == "v" ? String(answer.firstLine.dropFirst()) : answer.firstLine
      guard let first = text.first, first.isASCII, first.isNumber, text.utf8.count <= 100 else {
        return .fails(EngineTrouble("\(name) does not tell its version"))
      }
      return .found(text)
    } catch .absent {
      return .absent
    } catch {
      return .fails(error.trouble(of: name))
    }
  }

  private static func findTool(
    _ environment: [String: String]?, _ limit: Duration
  ) async -> Result<ComposeTool, Missing> {
    let plugin = await version(of: ["docker", "compose"], environment, limit)
    if case .found(let text) = plugin { return .success(ComposeTool(words: ["docker", "compose"], version: text)) }
    let program = await version(of: ["docker-compose"], environment, limit)
    switch (plugin, program) {
    case (_, .found(let text)):
      return .success(ComposeTool(words: ["docker-compose"], version: text))
    case (.fails(let trouble), .absent):
      let lacksPlugin = ["unknown flag", "unknown command", "is not a docker command"].contains {
        trouble.why.firstRange(of: $0) != nil
      }
      let why = lacksPlugin ? "docker has no compose plugin" : "docker compose does not work (\(trouble.why))"
      return .failure(Missing("\(why), and docker-compose is not in PATH"))
    case (_, .fails(let trouble)):
      return .failure(Missing("docker-compose does not work: \(trouble.why)"))
    case (.absent, .absent), (.found, _):
      return .failure(Missing("neither docker nor docker-compose is in PATH"))
    }
  }

  /// Of the context that is in use, where DOCKER_HOST counts as one (docs.docker.com, `docker context`).
  package static func findAddress(
    _ environment: [String: String]? = nil, _ limit: Duration = .seconds(10)
  ) async -> String? {
    let words = ["docker", "context", "inspect", "--format", "{{.Endpoints.docker.Host}}"]
    if let answer = try? await ShortCommand.answer(words, environment: environment, limit: limit),
      answer.succeeded, answer.firstLine.contains("://")
    {
      return answer.firstLine
    }
    let named = environment?["DOCKER_HOST"] ?? (environment == nil ? ownVariable("DOCKER_HOST") : nil)
    return named.flatMap { $0.isEmpty ? nil : $0 }
  }

  private static func ownVariable(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }

  /// Asked by a list of containers: `docker version` tells nothing of a server where podman stands in for docker, and
  /// older ones of `docker info` end well without an engine.
  private static func findTrouble(_ environment: [String: String]?, _ limit: Duration) async -> String? {
    do throws(ShortCommand.Failure) {
      let answer = try await ShortCommand.answer(["docker", "ps", "--quiet"], environment: environment, limit: limit)
      return answer.succeeded ? nil : answer.trouble(of: "docker").why
    } catch {
      return error.trouble(of: "docker").why
    }
  }
}
