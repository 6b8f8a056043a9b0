import Glibc
import TestSupport
import Testing

/// A project on a machine where no engine answers, or no Compose command is: the file alone tells.
@Suite("A Compose project without an engine", .serialized, .timeLimit(.minutes(3)))
struct ComposeFilesAloneTests {
  /// A folder with these files, and programs of this PATH alone.
  private final class Project {
    let folder: String
    let program: Keyglass
    init(_ files: [String: String], path: String = "/nonexistent", host: String = "unix:///nonexistent.sock") throws {
      folder = try TestFolder.make()
      program = try Keyglass(environment: ["PATH=\(path)", "DOCKER_HOST=\(host)"])
      for (name, text) in files { try TestFolder.write(text, to: "\(folder)/\(name)") }
    }

    deinit { TestFolder.remove(folder) }

    func run(_ arguments: String...) throws -> Keyglass.Result { try program.run(arguments, in: folder) }

    func play(_ script: String, _ options: [String] = []) throws {
      let path = try program.write("size 120x36\n" + script, as: "compose.keys")
      let result = try program.run(options + ["compose", "--script", path], in: folder)
      #expect(result.status == 0, "\(result.output)")
    }
  }

  private func project(_ server: TestServer, path: String = "/nonexistent") throws -> Project {
    let port = try #require(server.port)
    return try Project(
      [
        "docker-compose.yml": """
        services:
          web:
            image: example/web:1
            ports: ["8080:80"]
          cache:
            image: redis:7
            command: [redis-server, --requirepass, "${REDIS_PASSWORD:?set it}"]
            ports: ["127.0.0.1:${PORT:-\(port)}:6379"]
          queue:
            image: valkey/valkey:8
          broken:
            command: x
        """,
        ".env": "REDIS_PASSWORD='s3cret #1'\n",
      ], path: path)
  }

  @Test func `one connects to what is published, and the rest says why not`() throws {
    let server = try TestServer(["--requirepass", "s3cret #1"], tcp: true)
    try server.pipeline([["AUTH", "s3cret #1"], ["SET", "lemon", "1"]])
    try project(server).play(
      """
      wait-for neither docker nor docker-compose is in PATH
      expect cache +\\? +redis:7
      # Nothing of Compose can be run, and that is said when it is asked for.
      key u
      wait-for there is no Compose command
      key G
      wait-for neither .*image.* nor .*build
      key k
      wait-for 'queue' publishes no port
      expect 127.0.0.1:6379:6379
      key k
      wait-for REDIS_PASSWORD in .env
      expect-not s3cret
      key Enter
      wait-for compose/cache 127.0.0.1:\(server.port ?? 0)
      wait-for lemon
      key C
      wait-for @compose/cache.*you are here
      key q q
      """)
  }

  @Test func `the database that is asked for is the one that a service opens with`() throws {
    let server = try TestServer(["--requirepass", "s3cret #1"], tcp: true)
    try server.pipeline([["AUTH", "s3cret #1"], ["SELECT", "3"], ["SET", "melon", "1"]])
    try project(server).play(
      """
      wait-for neither docker nor docker-compose is in PATH
      key Enter
      wait-for db3
      wait-for melon
      key q
      """, ["-n", "3"])
  }

  @Test func `scripts get what the file has`() throws {
    let server = try TestServer(["--requirepass", "s3cret #1"], tcp: true)
    try server.pipeline([["AUTH", "s3cret #1"], ["SET", "lemon", "1"]])
    let project = try project(server)
    let list = try project.run("compose", "--json")
    #expect(list.output.contains("\"password_source\":\"REDIS_PASSWORD in .env\""))
    #expect(!list.output.contains("s3cret"))
    #expect(try project.run("ls", "-u", "@compose/cache").output == "lemon\n")
    let queue = try project.run("ls", "-u", "@compose/queue")
    #expect(queue.status == 1)
    #expect(queue.output.contains("'queue' publishes no port"))
    #expect(queue.output.contains("Publish it in its file: 'ports: [\"127.0.0.1:6379:6379\"]'."))
  }

  @Test func `a server that is away is waited for by nobody who knows nothing of it`() throws {
    let server = try TestServer(["--requirepass", "s3cret #1"], tcp: true)
    let project = try project(server)
    server.stop()
    try project.play(
      """
      wait-for neither docker nor docker-compose is in PATH
      key Enter
      wait-for connection refused
      key Q
      """)
  }

  @Test func `an engine that is down is told, with what it says`() throws {
    guard
      access("/usr/bin/docker-compose", X_OK) == 0
        || access("/usr/libexec/docker/cli-plugins/docker-compose", X_OK) == 0
    else { return }
    let server = try TestServer(["--requirepass", "s3cret #1"], tcp: true)
    try project(server, path: "/usr/local/bin:/usr/bin:/bin").play(
      """
      wait-for 30s engine does not answer|Cannot connect to the Docker daemon
      key u
      wait-for the engine does not answer
      key Q
      """)
  }

  // MARK: - Edited files

  @Test func `what is changed in the files is on the screen by itself`() throws {
    let project = try Project([:])
    let file = "\(project.folder)/docker-compose.yml"
    func write(_ services: String) throws { try TestFolder.write("services:\n\(services)", to: file) }
    try write("  cache: {image: \"redis:7\", ports: [\"6390:6379\"]}\n")
    let terminal = try Tmux(
      [
        "/usr/bin/env", "-C", project.folder, "PATH=/nonexistent", "DOCKER_HOST=unix:///nonexistent.sock",
        Keyglass.path(), "compose",
      ], size: Tmux.Size(columns: 120, rows: 30))
    try terminal.waitFor("6390")
    try write("  cache: {image: \"redis:7\", ports: [\"6391:6379\"]}\n  queue: {image: valkey/valkey}\n")
    try terminal.waitFor("the new port") { $0.contains("6391") && $0.contains("queue") && !$0.contains("6390") }
    try write("  cache: [broken")
    try terminal.waitFor("not YAML")
    try write("  cache: {image: \"redis:7\", ports: [\"${PORT}:6379\"]}\n")
    try TestFolder.write("PORT=6392\n", to: "\(project.folder)/.env")
    try terminal.waitFor("6392")
    try TestFolder.write(
      "name: another\nservices: {added: {image: redis}}\n", to: "\(project.folder)/docker-compose.override.yml")
    try terminal.waitFor("another project") { $0.contains("another") && $0.contains("added") }
    try terminal.keys("Q")
    try terminal.waitFor("[exit 0]")
  }

  // MARK: - Bad files

  @Test(arguments: [
    ("a: [1", "docker-compose.yml:"), ("- 1\n- 2\n", "docker-compose.yml:1:1: "),
    ("services:\n  a:\n\timage: x\n", "docker-compose.yml:3:1: not YAML"),
  ])
  func `a file that is none is said to be none, with its place`(text: String, expected: String) throws {
    let project = try Project(["docker-compose.yml": text])
    let result = try project.run("compose", "--json")
    #expect(result.status == 2)
    #expect(result.output.contains(expected))
    #expect(result.output.hasSuffix("Mend it there, then try again.\n"))
    #expect(result.lines == 1)
  }

  @Test func `no file at all`() throws {
    let project = try Project([:])
    let result = try project.run("compose", "--json")
    #expect(result.status == 2)
    #expect(result.output.hasPrefix("keyglass: compose: no Compose file in "))
    let named = try project.run("compose", "nope.yml", "--json")
    #expect(named.status == 2)
    #expect(named.output.contains("nope.yml"))
  }

  @Test func `what is wrong with one service leaves the others`() throws {
    let project = try Project([
      "docker-compose.yml": """
      services:
        one:
          extends: two
        two:
          extends: one
        cache:
          image: redis:7
          prots: ["6379:6379"]
          command: redis-server --requirepass $NOWHERE
      """
    ])
    let result = try project.run("compose", "--json")
    #expect(result.status == 0)
    let lines = result.output.split(separator: "\n").filter { $0.hasPrefix("{") }
    #expect(lines.count == 3)
    #expect(lines.contains { $0.contains("\"service\":\"cache\"") && $0.contains("prots") && $0.contains("NOWHERE") })
    #expect(lines.filter { $0.contains("extends") }.count == 2)
  }
}
