import Glibc
import Synchronization
import TestSupport
import Testing

@testable import Compose

@Suite("Watching containers") struct ComposeWatchTests {
  final class Heard: Sendable {
    private let news = Mutex<[ComposeWatch.News]>([])

    func take(_ one: ComposeWatch.News) { news.withLock { $0.append(one) } }

    var all: [ComposeWatch.News] { news.withLock { $0 } }

    /// The states of the containers that were told of last, with their services.
    var last: [String]? {
      guard case .containers(let containers)? = all.last else { return nil }
      return containers.map { "\($0.service) \($0.state)" }
    }
  }

  /// A docker whose `events` writes what is written to the pipe `events`, and which notes every look in `looks`.
  private static func fake() throws -> FakeTools {
    let fake = try FakeTools()
    #expect(mkfifo("\(fake.folder)/pipe", 0o600) == 0)
    try fake.write("0a\n", to: "ps.txt")
    try set("running", of: fake)
    try fake.add(
      "docker",
      """
      case "$1" in
      ps) echo >> $HERE/looks; if [ -e $HERE/down ]; then echo 'Cannot connect' >&2; exit 1; fi; /bin/cat $HERE/ps.txt;;
      inspect) /bin/cat $HERE/inspect.txt;;
      events) if [ -e $HERE/down ]; then echo 'Cannot connect' >&2; exit 1; fi
        echo $$ > $HERE/events.pid; exec /bin/cat $HERE/pipe;;
      esac
      """)
    return fake
  }

  private static func set(_ state: String, of fake: FakeTools) throws {
    try fake.write(ComposeContainersTests.line("0a", state: state) + "\n", to: "inspect.txt")
  }

  /// Opens the pipe that a running `docker events` reads from.
  private static func pipe(of fake: FakeTools) async throws -> UnsafeMutablePointer<FILE> {
    let path = "\(fake.folder)/pipe"
    let file = try await Aside.run {
      guard let file = fopen(path, "we") else { throw TestFailure.system("pipe") }
      return Sent(file: file)
    }
    setvbuf(file.file, nil, _IOLBF, 0)
    return file.file
  }

  private struct Sent: @unchecked Sendable { let file: UnsafeMutablePointer<FILE> }

  private static let pace = ComposeWatch.Pace(
    gathering: .milliseconds(20), rest: .milliseconds(50), shortest: .milliseconds(50), longest: .milliseconds(200))

  private static func watch(_ fake: FakeTools, _ heard: Heard, pace: ComposeWatch.Pace = pace) -> Task<Void, Never> {
    Task {
      await ComposeWatch.run(project: "p", environment: fake.environment, pace: pace) { heard.take($0) }
    }
  }

  private static func looks(_ fake: FakeTools) -> Int { fake.read("looks")?.utf8.count ?? 0 }

  private static let event =
    "{\"status\":\"die\",\"id\":\"0a\",\"Type\":\"container\",\"Action\":\"die\",\"Actor\":{}}\n"
  private static let execEvent =
    "{\"status\":\"exec_create: x\",\"Type\":\"container\",\"Action\":\"exec_create: x\",\"Actor\":{}}\n"

  @Test func `news comes at first and when an event tells of a change`() async throws {
    let fake = try Self.fake()
    let heard = Heard()
    let watch = Self.watch(fake, heard)
    #expect(await eventually { heard.last == ["cache running"] })
    let pipe = try await Self.pipe(of: fake)
    try Self.set("exited", of: fake)
    fputs(Self.event, pipe)
    #expect(await eventually { heard.last == ["cache exited"] })
    // What changes nothing tells nothing, and a health check's own commands make nobody look.
    let looks = Self.looks(fake)
    fputs(Self.event, pipe)
    #expect(await eventually { Self.looks(fake) > looks })
    let then = Self.looks(fake)
    for _ in 0..<50 { fputs(Self.execEvent, pipe) }
    try await Task.sleep(for: .milliseconds(400))
    #expect(Self.looks(fake) == then)
    #expect(heard.all.count == 2)
    watch.cancel()
    await watch.value
    #expect(!isRunning(try #require(fake.process("events.pid"))))
    fclose(pipe)
  }

  @Test func `a storm of events makes few looks`() async throws {
    let fake = try Self.fake()
    let heard = Heard()
    let watch = Self.watch(fake, heard, pace: .init())
    #expect(await eventually { heard.all.count == 1 })
    let pipe = try await Self.pipe(of: fake)
    for number in 0..<500 {
      try Self.set(number % 2 == 0 ? "exited" : "restarting", of: fake)
      fputs(Self.event, pipe)
      try await Task.sleep(for: .milliseconds(4))
    }
    try Self.set("dead", of: fake)
    fputs(Self.event, pipe)
    #expect(await eventually { heard.last == ["cache dead"] })
    #expect(Self.looks(fake) < 50)
    watch.cancel()
    await watch.value
    fclose(pipe)
  }

  @Test func `an engine that goes is told once, and again when it is back`() async throws {
    let fake = try Self.fake()
    let heard = Heard()
    let watch = Self.watch(fake, heard)
    #expect(await eventually { heard.all.count == 1 })
    let pipe = try await Self.pipe(of: fake)
    try fake.write("", to: "down")
    fclose(pipe)
    #expect(await eventually { heard.all.last == .trouble(EngineTrouble("Cannot connect")) })
    let looks = Self.looks(fake)
    #expect(await eventually { Self.looks(fake) > looks + 2 })
    #expect(heard.all.count == 2)
    unlink("\(fake.folder)/down")
    #expect(await eventually { heard.last == ["cache running"] })
    #expect(heard.all.count == 3)
    // It listens again.
    let again = try await Self.pipe(of: fake)
    try Self.set("paused", of: fake)
    fputs(Self.event, again)
    #expect(await eventually { heard.last == ["cache paused"] })
    watch.cancel()
    await watch.value
    fclose(again)
  }

  @Test func `without docker it tells that and goes on trying`() async throws {
    let fake = try FakeTools()
    let heard = Heard()
    let watch = Self.watch(fake, heard)
    #expect(await eventually { heard.all == [.trouble(EngineTrouble("docker is not in PATH"))] })
    watch.cancel()
    await watch.value
  }

  @Test(arguments: [
    ("{\"Action\":\"start\",\"Actor\":{\"Attributes\":{\"Action\":\"exec_die\"}}}", true),
    ("{\"status\":\"exec_die\",\"Action\":\"exec_die\"}", false), ("{\"Action\":\"health_status: healthy\"}", true),
    ("{\"ID\":\"0a\",\"Status\":\"exec\",\"Type\":\"container\"}", false), ("{\"Status\":\"died\"}", true),
    ("{\"Action\":\"top\"}", false), ("{}", true), ("Cannot connect to the Docker daemon", false), ("", false),
  ])
  func `which events tell of a change`(line: String, does: Bool) {
    #expect(EngineEvent.tellsOfChange(Array(line.utf8)) == does)
  }
}
