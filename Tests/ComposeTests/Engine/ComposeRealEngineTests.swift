import Browser
import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Compose

/// What fakes cannot show: that the words, the labels and the fields are those that real programs understand and write.
@Suite(
  "With a real engine", .serialized,
  // Docker is on few machines that only build: everything that needs none of it is tested with fakes.
  .enabled(if: ComposeFixture.isAvailable, "no docker engine here"))
struct ComposeRealEngineTests {
  private static func serverText(_ name: String, _ rest: String) -> String {
    "  \(name):\n    build: ./server\n    command: [\"--save\", \"\", \"--protected-mode\", \"no\"]\n" + rest
  }

  /// Runs a command as the screen does; its end and its lines.
  private static func run(
    _ command: ComposeAction, _ service: String? = nil, in fixture: ComposeFixture
  ) async throws -> (ComposeProcess.End, [String]) {
    let tool = try await ComposeEngine.look().tool.get()
    let project = ComposeProject(
      name: fixture.name, folder: fixture.folder, files: [fixture.folder + "/docker-compose.yml"])
    let lines = Mutex<[String]>([])
    let end = await ComposeProcess.start(
      words: tool.prefix(for: project) + command.words(service: service), folder: fixture.folder
    ) { batch in
      lines.withLock { $0 += batch.map { String(decoding: $0, as: UTF8.self) } }
    }
    return (end, lines.withLock { $0 })
  }

  private static func watch(_ fixture: ComposeFixture) -> (Task<Void, Never>, ComposeWatchTests.Heard) {
    let heard = ComposeWatchTests.Heard()
    return (Task { await ComposeWatch.run(project: fixture.name) { heard.take($0) } }, heard)
  }

  @Test func `build, up, states, health, stop, start at another port, down`() async throws {
    let fixture = try ComposeFixture(
      "version: \"2.4\"\nservices:\n"
        + Self.serverText(
          "cache",
          "    ports: [\"127.0.0.1::6379\"]\n    healthcheck:\n      test: [\"CMD\", \"/bin/redis-cli\", \"ping\"]\n"
            + "      interval: 1s\n      retries: 30\n")
        + Self.serverText("inner", ""))
    let (watch, heard) = Self.watch(fixture)
    #expect(await eventually { heard.all == [.containers([])] })

    let (built, steps) = try await Self.run(.build, in: fixture)
    #expect(built == .exited(status: 0))
    #expect(!steps.isEmpty)
    let (up, said) = try await Self.run(.up, in: fixture)
    #expect(up == .exited(status: 0), "\(said)")
    #expect(await eventually { heard.last == ["cache running", "inner running"] })
    func cache() -> ComposeContainer? {
      guard case .containers(let all)? = heard.all.last else { return nil }
      return all.first { $0.service == "cache" }
    }
    #expect(await eventually { cache()?.health == .healthy })
    let first = try #require(cache())
    #expect(first.published.map(\.containerPort) == [6379] && first.published.map(\.hostIP) == ["127.0.0.1"])
    #expect(first.addresses.count == 1 && first.number == 1 && !first.usesHostNetwork && first.error.isEmpty)
    #expect(!first.image.isEmpty && first.name.contains("cache"))

    let (_, list) = try await Self.run(.ps, in: fixture)
    #expect(list.contains { $0.contains("cache") })

    #expect(try await Self.run(.stop, "cache", in: fixture).0 == .exited(status: 0))
    #expect(await eventually { heard.last == ["cache exited", "inner running"] })
    #expect(cache()?.published == [])
    #expect(try await Self.run(.start, "cache", in: fixture).0 == .exited(status: 0))
    #expect(await eventually { cache()?.state == .running && cache()?.published.isEmpty == false })
    #expect(cache()?.published != first.published)
    #expect(cache()?.id == first.id)
    #expect(try await Self.run(.restart, "inner", in: fixture).0 == .exited(status: 0))

    #expect(try await Self.run(.down, in: fixture).0 == .exited(status: 0))
    #expect(await eventually { heard.last == [] })

    watch.cancel()
    await watch.value
    let left = try Run.output(["/bin/sh", "-c", "ps ax -o args | grep '[d]ocker events.*\(fixture.name)' || true"])
    #expect(left.output == "")
  }

  @Test func `a followed log streams, and cancel ends it`() async throws {
    let fixture = try ComposeFixture("version: \"2.4\"\nservices:\n" + Self.serverText("cache", ""))
    try await Aside.run { try fixture.up() }
    let tool = try await ComposeEngine.look().tool.get()
    let project = ComposeProject(name: fixture.name, folder: fixture.folder, files: [])
    let lines = Mutex<[String]>([])
    let run = Task {
      await ComposeProcess.start(
        words: tool.prefix(for: project) + ComposeAction.logs.words(service: "cache"), folder: fixture.folder
      ) { batch in
        lines.withLock { $0 += batch.map { String(decoding: $0, as: UTF8.self) } }
      }
    }
    #expect(await eventually { lines.withLock { $0.contains { $0.contains("Ready to accept connections") } } })
    #expect(lines.withLock { !$0.contains { $0.contains("\u{1b}") } })
    run.cancel()
    #expect(await run.value == .cancelled)
  }

  @Test func `a service that restarts for ever is told, with few looks, and its count`() async throws {
    let fixture = try ComposeFixture(
      "version: \"2.4\"\nservices:\n  loop:\n    build: ./server\n    command: [\"--no-such-option\", \"x\"]\n"
        + "    restart: always\n")
    let (watch, heard) = Self.watch(fixture)
    try await Aside.run { try fixture.up() }
    #expect(
      await eventually {
        guard case .containers(let all)? = heard.all.last, let loop = all.first else { return false }
        return loop.restartCount >= 2 && loop.exitCode == 1
      })
    #expect(
      heard.all.contains { news in
        guard case .containers(let all) = news else { return false }
        return all.first?.state == .restarting
      })
    watch.cancel()
    await watch.value
  }

  @Test func `one docker events follows another, and nothing is missed or told twice`() async throws {
    let fixture = try ComposeFixture("version: \"2.4\"\nservices:\n" + Self.serverText("cache", ""))
    try await Aside.run { try fixture.up() }
    let heard = ComposeWatchTests.Heard()
    var pace = ComposeWatch.Pace()
    (pace.hearing, pace.shortest) = (1, .milliseconds(100))
    let watch = Task { [pace] in
      await ComposeWatch.run(project: fixture.name, environment: nil, pace: pace) { heard.take($0) }
    }
    try await Task.sleep(for: .seconds(4))
    #expect(heard.last == ["cache running"])
    #expect(heard.all.count == 1)
    try await Aside.run { _ = try fixture.compose("stop") }
    #expect(await eventually { heard.last == ["cache exited"] })
    watch.cancel()
    await watch.value
  }

  @Test func `a port that is taken is told by the command and by the container`() async throws {
    let holder = try TestServer(tcp: true)
    let port = try #require(holder.port)
    let fixture = try ComposeFixture(
      "version: \"2.4\"\nservices:\n" + Self.serverText("cache", "    ports: [\"127.0.0.1:\(port):6379\"]\n"))
    try await Aside.run { _ = try fixture.compose("build") }
    let (end, lines) = try await Self.run(.up, in: fixture)
    guard case .exited(let status) = end else {
      Issue.record("\(end)")
      return
    }
    #expect(status != 0)
    #expect(lines.contains { $0.contains("address already in use") || $0.contains("port is already allocated") })
    let containers = try await ComposeContainers.read(project: fixture.name).get()
    #expect(containers.map(\.state) == [.created])
    withExtendedLifetime(holder) {}
  }

  @Test func `one-off containers are left out`() async throws {
    let fixture = try ComposeFixture("version: \"2.4\"\nservices:\n" + Self.serverText("cache", ""))
    try await Aside.run {
      try fixture.up()
      let oneOff = try fixture.compose("run", "-d", "cache", "--port", "7000")
      #expect(oneOff.status == 0, "\(oneOff.output)")
    }
    let containers = try await ComposeContainers.read(project: fixture.name).get()
    #expect(containers.map(\.service) == ["cache"])
    let all = try ComposeFixture.docker("ps", "-aq", "--filter", "label=com.docker.compose.project=\(fixture.name)")
    #expect(all.output.split(separator: "\n").count == 2)
  }

  @Test func `an engine that is down is trouble in one line`() async throws {
    var environment = ownEnvironment
    environment["DOCKER_HOST"] = "unix:///nonexistent.sock"
    guard case .failure(let trouble) = await ComposeContainers.read(project: "p", environment: environment) else {
      Issue.record("it answered")
      return
    }
    #expect(trouble.why.contains("unix:///nonexistent.sock") && !trouble.why.contains("\n"))
  }
}
