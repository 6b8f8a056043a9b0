import Glibc
import PrivateServer

/// A Compose project of this machine's own redis-server, in a folder of its own, for tests with a real engine: its image
/// is made FROM scratch, so that no registry is needed. It goes down, and its image and folder with it, with its last
/// reference.
package final class ComposeFixture: Sendable {
  /// `docker compose` or `docker-compose`, with an engine that answers and a redis-server that can be copied; nil: one of
  /// them is not here.
  package static let tool: [String]? = {
    guard let docker = program("docker"), (try? ServerBinary.find()) != nil, program("ldd") != nil,
      let info = try? Run.output([docker, "info", "--format", "{{.ServerVersion}}"]), info.status == 0,
      // `docker info` of some versions ends well without an engine, and then tells no version.
      info.output.first?.isNumber == true
    else { return nil }
    if let plugin = try? Run.output([docker, "compose", "version", "--short"]), plugin.status == 0 {
      return [docker, "compose"]
    }
    return program("docker-compose").map { [$0] }
  }()

  package static var isAvailable: Bool { tool != nil }

  package let folder: String
  /// Of the project, as the engine labels its containers.
  package let name: String

  /// Writes the project, and starts nothing.
  ///
  /// - Parameter file: what its docker-compose.yml says; `build: ./server` has `/bin/redis-server` (the entrypoint) and
  ///   `/bin/redis-cli`, and no shell.
  package init(_ file: String) throws {
    folder = try TestFolder.make()
    // As both docker-compose and `docker compose` name it by the folder.
    name = String((folder.split(separator: "/").last ?? "").lowercased())
    let root = "\(folder)/server/root"
    let server = try ServerBinary.find()
    try Self.copy([(server, "/bin/redis-server")], libraries: server, to: root)
    if let client = Self.program("redis-cli") {
      try Self.copy([(client, "/bin/redis-cli")], libraries: client, to: root)
    }
    try TestFolder.write(
      "FROM scratch\nCOPY root/ /\nEXPOSE 6379\nENTRYPOINT [\"/bin/redis-server\"]\n", to: "\(folder)/server/Dockerfile"
    )
    try write(file)
  }

  /// Another docker-compose.yml in place of the one before.
  package func write(_ file: String) throws { try TestFolder.write(file, to: "\(folder)/docker-compose.yml") }

  /// One Compose command on it, to its end; standard output and error together.
  @discardableResult
  package func compose(_ arguments: String...) throws -> Run.Result { try compose(arguments) }

  @discardableResult
  package func compose(_ arguments: [String]) throws -> Run.Result {
    try Run.output((Self.tool ?? []) + ["-f", "\(folder)/docker-compose.yml"] + arguments)
  }

  /// Builds and starts it, all of it or these services.
  package func up(_ services: String...) throws {
    let result = try compose(["up", "-d", "--build"] + services)
    guard result.status == 0 else { throw TestFailure("up: \(result.output)") }
  }

  /// A docker command.
  @discardableResult
  package static func docker(_ arguments: String...) throws -> Run.Result {
    guard let docker = program("docker") else { throw TestFailure("no docker") }
    return try Run.output([docker] + arguments)
  }

  deinit {
    _ = try? compose("down", "--rmi", "local", "--volumes", "--remove-orphans", "--timeout", "1")
    TestFolder.remove(folder)
  }

  private static func program(_ name: String) -> String? {
    ServerBinary.defaultFolders.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
  }

  private static func copy(_ files: [(String, String)], libraries of: String, to root: String) throws {
    guard let ldd = program("ldd") else { throw TestFailure("no ldd") }
    // `libm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x…)`, `/lib64/ld-linux-x86-64.so.2 (0x…)`
    let words = try Run.output([ldd, of]).output.split { $0.isWhitespace }
    let libraries = words.filter { $0.hasPrefix("/") }.map { (String($0), String($0)) }
    for (from, to) in files + libraries {
      let place = root + to
      let folder = String(place[..<(place.lastIndex(of: "/") ?? place.endIndex)])
      guard try Run.output(["/bin/mkdir", "-p", folder]).status == 0,
        try Run.output(["/bin/cp", "-L", from, place]).status == 0
      else { throw TestFailure("cannot copy \(from)") }
    }
  }
}
