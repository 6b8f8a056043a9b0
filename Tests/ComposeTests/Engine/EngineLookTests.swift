import Glibc
import TestSupport
import Testing

@testable import Compose

@Suite("Looking for the tool and the engine") struct EngineLookTests {
  /// docker 28 with its plugin.
  private static let docker = """
    case "$1 $2" in
    'compose version') echo 2.29.7;;
    'context inspect') echo unix:///var/run/docker.sock;;
    'ps --quiet') ;;
    *) echo "unexpected: $*" >&2; exit 9;;
    esac
    """
  private static let withoutPlugin = """
    case "$1" in
    compose) echo 'unknown flag: --short' >&2; echo >&2; echo 'Usage:  docker [OPTIONS] COMMAND' >&2; exit 125;;
    context) echo unix:///var/run/docker.sock;;
    ps) ;;
    esac
    """

  @Test func `docker compose comes before docker-compose`() async throws {
    let fake = try FakeTools()
    try fake.add("docker", Self.docker)
    try fake.add("docker-compose", "echo 1.29.2")
    let engine = await ComposeEngine.look(environment: fake.environment)
    #expect(
      engine
        == ComposeEngine(
          tool: .success(ComposeTool(words: ["docker", "compose"], version: "2.29.7")),
          address: "unix:///var/run/docker.sock"))
  }

  @Test func `a version may begin with v`() async throws {
    let fake = try FakeTools()
    try fake.add("docker", "echo v2.3.3")
    #expect(
      await ComposeEngine.look(environment: fake.environment).tool
        == .success(ComposeTool(words: ["docker", "compose"], version: "2.3.3")))
  }

  @Test(arguments: [withoutPlugin, "echo \"docker: 'compose' is not a docker command.\" >&2; exit 1"])
  func `without the plugin it is docker-compose`(docker: String) async throws {
    let fake = try FakeTools()
    try fake.add("docker", docker)
    #expect(
      await ComposeEngine.look(environment: fake.environment).tool
        == .failure(.init("docker has no compose plugin, and docker-compose is not in PATH")))
    try fake.add("docker-compose", "echo 1.29.2")
    #expect(
      await ComposeEngine.look(environment: fake.environment).tool
        == .success(ComposeTool(words: ["docker-compose"], version: "1.29.2")))
  }

  @Test func `nothing is there`() async throws {
    let fake = try FakeTools()
    let engine = await ComposeEngine.look(environment: fake.environment)
    #expect(engine.tool == .failure(.init("neither docker nor docker-compose is in PATH")))
    #expect(engine.trouble == "docker is not in PATH")
    #expect(engine.address == nil)
  }

  @Test func `docker-compose alone tells no states`() async throws {
    let fake = try FakeTools()
    try fake.add("docker-compose", "echo 1.29.2")
    let engine = await ComposeEngine.look(
      environment: fake.environment.merging(["DOCKER_HOST": "tcp://box:2376"]) { $1 })
    #expect(engine.tool == .success(ComposeTool(words: ["docker-compose"], version: "1.29.2")))
    #expect(engine.trouble == "docker is not in PATH, and what state containers are in is known only through it")
    #expect(engine.remoteHost == "box")
  }

  @Test func `docker-compose that does not work`() async throws {
    let fake = try FakeTools()
    try fake.add(
      "docker-compose",
      "printf 'Traceback (most recent call last):\\n  File \"x\"\\nModuleNotFoundError: No module named yaml\\n' >&2; exit 1"
    )
    #expect(
      await ComposeEngine.look(environment: fake.environment).tool
        == .failure(.init("docker-compose does not work: ModuleNotFoundError: No module named yaml")))
  }

  @Test func `a docker that hangs is trouble, and is ended with all that it started`() async throws {
    let fake = try FakeTools()
    try fake.add("docker", "/bin/sleep 600 & echo $! > $HERE/$1.child; echo $$ > $HERE/$1.pid; trap '' TERM INT; wait")
    let engine = await ComposeEngine.look(environment: fake.environment, limit: .milliseconds(1500))
    #expect(engine.trouble == "docker did not answer within 1 s")
    #expect(
      engine.tool
        == .failure(
          .init(
            "docker compose does not work (docker compose did not answer within 1 s), and docker-compose is not in PATH"
          )))
    for name in ["compose", "context", "ps"] {
      let ids = try [#require(fake.process("\(name).pid")), #require(fake.process("\(name).child"))]
      #expect(await eventually { !ids.contains(where: isRunning) })
    }
  }

  @Test(arguments: [
    "echo '<html>'", "/usr/bin/head -c 100000 /dev/urandom", "echo", "exit 0", "kill -9 $$",
    "/usr/bin/yes 2.0 | /usr/bin/head -c 9000000",
  ])
  func `a docker that writes anything is no tool`(script: String) async throws {
    let fake = try FakeTools()
    try fake.add("docker", script)
    guard case .failure = await ComposeEngine.look(environment: fake.environment).tool else {
      Issue.record("a tool was found")
      return
    }
  }

  @Test(arguments: [
    (
      "Cannot connect to the Docker daemon at unix:///nonexistent.sock. Is the docker daemon running?",
      "Cannot connect to the Docker daemon at unix:///nonexistent.sock. Is the docker daemon running?"
    ),
    (
      "error during connect: Get \"http://box:2375/v1.24/containers/json\": dial tcp: lookup box: no such host",
      "dial tcp: lookup box: no such host"
    ),
    (
      "permission denied while trying to connect to the Docker daemon socket at unix:///run/docker.sock: "
        + "Get \"http://%2Frun%2Fdocker.sock/v1.24/containers/json\": dial unix /run/docker.sock: connect: permission denied",
      "permission denied while trying to connect to the Docker daemon socket at unix:///run/docker.sock: "
        + "dial unix /run/docker.sock: connect: permission denied"
    ),
    (
      "Emulate Docker CLI using podman. Create /etc/containers/nodocker to quiet msg.\nError: no machine",
      "no machine"
    ),
    ("", "docker ended with status 1 and said nothing"),
  ])
  func `why the engine does not answer, in one line`(text: String, why: String) async throws {
    let fake = try FakeTools()
    try fake.write(text, to: "text")
    try fake.add("docker", "/bin/cat $HERE/text >&2; exit 1")
    #expect(await ComposeEngine.look(environment: fake.environment).trouble == why)
  }

  @Test(
    arguments: [
      ("unix:///var/run/docker.sock", nil), ("unix:///run/user/1000/docker.sock", "rootless"),
      ("unix:///home/u/.docker/desktop/docker.sock", "Docker Desktop"), ("tcp://10.0.0.5:2376", "10.0.0.5"), (nil, nil),
    ] as [(String?, String?)])
  func `whether the networks of containers are reached from here`(address: String?, obstacle: String?) {
    let found = ComposeEngine(tool: .failure(.init("none")), address: address).networkObstacle
    if let obstacle { #expect(found?.contains(obstacle) == true) } else { #expect(found == nil) }
  }

  @Test("the real one, without its engine", .enabled(if: ComposeFixture.isAvailable, "no docker engine here"))
  func engineDown() async throws {
    var environment = ownEnvironment
    environment["DOCKER_HOST"] = "unix:///nonexistent.sock"
    let engine = await ComposeEngine.look(environment: environment)
    #expect(engine.address == "unix:///nonexistent.sock")
    #expect(try #require(engine.trouble).contains("unix:///nonexistent.sock"))
    #expect(throws: Never.self) { try engine.tool.get() }
  }

  @Test("the real one", .enabled(if: ComposeFixture.isAvailable, "no docker engine here"))
  func engineUp() async throws {
    let engine = await ComposeEngine.look()
    #expect(engine.trouble == nil)
    #expect(engine.address?.contains("://") == true)
    #expect(throws: Never.self) { try engine.tool.get() }
  }
}

/// This process's environment.
var ownEnvironment: [String: String] {
  var all: [String: String] = [:]
  for pair in Run.currentEnvironment {
    guard let equals = pair.firstIndex(of: "=") else { continue }
    all[String(pair[..<equals])] = String(pair[pair.index(after: equals)...])
  }
  return all
}
