import TestSupport
import Testing

@testable import Compose

@Suite("Reading containers") struct ComposeContainersTests {
  /// A line as docker writes it for the template.
  static func line(
    _ id: String, service: String = "cache", number: Int = 1, oneOff: String = "False", state: String = "running",
    health: String = "", error: String = "", addresses: String = "\"172.18.0.2\" ",
    ports: String = "6379/tcp=\"127.0.0.1\"=\"16399\" "
  ) -> String {
    [
      id, "\"/p_\(service)_\(number)\"", "\"\(service)\"", "\"\(number)\"", "\"\(oneOff)\"", state, health, "0", "2",
      "\"\(error)\"", "\"redis:7\"", "\"p_default\"", addresses, ports, "\"/w/shop\"",
    ].joined(separator: "\t")
  }

  /// A docker whose `ps` writes the file `ps`, and whose `inspect` writes `inspect` and complains with `complaint`.
  static func fake(ps: String, inspect: String, complaint: String = "") throws -> FakeTools {
    let fake = try FakeTools()
    try fake.write(ps, to: "ps.txt")
    try fake.write(inspect, to: "inspect.txt")
    try fake.write(complaint, to: "complaint.txt")
    try fake.add(
      "docker",
      """
      case "$1" in
      ps) /bin/cat $HERE/ps.txt;;
      inspect) /bin/cat $HERE/inspect.txt; [ -s $HERE/complaint.txt ] || exit 0; /bin/cat $HERE/complaint.txt >&2; exit 1;;
      esac
      """)
    return fake
  }

  @Test func `every field arrives`() throws {
    let line = Self.line(
      "0abc", number: 2, state: "restarting", health: "unhealthy",
      error: "driver failed \\\"x\\\":\\tport \\u003c6379\\u003e\\n\\ud83d\\ude00",
      addresses: "\"172.18.0.2\" \"\" \"10.0.0.7\" ",
      ports: "6379/tcp=\"0.0.0.0\"=\"32768\" 6379/tcp=\"::\"=\"32768\" 53/udp=\"0.0.0.0\"=\"53\" ")
    let read = try #require(InspectedContainer(line: Array(line.utf8)[...]))
    #expect(!read.isOneOff)
    #expect(
      read.container
        == ComposeContainer(
          id: "0abc", name: "p_cache_2", service: "cache", number: 2, state: .restarting, health: .unhealthy,
          restartCount: 2, error: "driver failed \"x\":\tport <6379>\n😀", image: "redis:7",
          addresses: ["172.18.0.2", "10.0.0.7"],
          published: [
            .init(containerPort: 6379, hostIP: "0.0.0.0", hostPort: 32768),
            .init(containerPort: 6379, hostIP: "::", hostPort: 32768),
          ], folder: "/w/shop"))
  }

  @Test func `a container without network or ports`() throws {
    let line = Self.line("0abc", state: "exited", addresses: "", ports: "")
      .replacing("\"p_default\"", with: "\"host\"")
    let read = try #require(InspectedContainer(line: Array(line.utf8)[...]))
    #expect(read.container.addresses.isEmpty && read.container.published.isEmpty && read.container.usesHostNetwork)
    let shared = line.replacing("\"host\"", with: "\"container:0def\"")
    #expect(InspectedContainer(line: Array(shared.utf8)[...])?.container.sharesNetworkOf == "0def")
  }

  @Test(arguments: [
    "", "x", "\t\t\t\t\t\t\t\t\t\t\t\t\t\t", "<no value>", line("0abc", state: "strange"), line("0abc") + "\t",
    line("0abc", error: "a\"b"), line("0abc", error: "\\q"), line("0abc", error: "\\u12"), line("0abc", ports: "x"),
    line("0abc", error: "\\"), line(""),
  ])
  func `what the template does not write is refused`(line: String) {
    #expect(InspectedContainer(line: Array(line.utf8)[...]) == nil)
  }

  @Test func `no bytes crash the reader`() {
    var random = Seeded(state: 11)
    let good = Array(
      Self.line("0abc", health: "healthy", error: "\\ud83d\\ude00 \\n", ports: "6379/tcp=\"::1\"=\"6379\" ").utf8)
    for _ in 0..<20_000 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...6, using: &random) {
        let place = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 1: bytes.removeSubrange(place..<min(bytes.count, place + 5))
        default: bytes.insert(contentsOf: "\\ud800\t\"=9".utf8, at: place)
        }
        if bytes.isEmpty { break }
      }
      if let read = InspectedContainer(line: bytes[...]) {
        #expect(read.container.published.allSatisfy { (1...65_535).contains($0.hostPort) })
      }
    }
  }

  @Test func `they come by service and number, without those of one-off commands`() async throws {
    let fake = try Self.fake(
      ps: "0a\n0b\n0c\n0d\n",
      inspect: [
        Self.line("0a", service: "web"), Self.line("0b", number: 10), Self.line("0c", number: 9),
        Self.line("0d", oneOff: "True"),
      ].joined(separator: "\n") + "\n")
    let found = try await ComposeContainers.read(project: "p", environment: fake.environment).get()
    #expect(found.map(\.id) == ["0c", "0b", "0a"])
  }

  @Test func `a project without containers has none, and nothing is inspected`() async throws {
    let fake = try Self.fake(ps: "", inspect: "never", complaint: "never")
    #expect(await ComposeContainers.read(project: "p", environment: fake.environment) == .success([]))
  }

  @Test(arguments: [
    "Error: No such object: 0b\n", "Error response from daemon: No such container: 0b\n",
    "Error: no such container: 0b\nError: no such container: 0c\n",
  ])
  func `one that has gone meanwhile does not hide the others`(complaint: String) async throws {
    let fake = try Self.fake(ps: "0a\n0b\n", inspect: Self.line("0a") + "\n", complaint: complaint)
    #expect(try await ComposeContainers.read(project: "p", environment: fake.environment).get().map(\.id) == ["0a"])
  }

  @Test func `an engine that goes meanwhile is trouble`() async throws {
    let down = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?"
    let fake = try Self.fake(ps: "0a\n", inspect: "", complaint: down)
    #expect(
      await ComposeContainers.read(project: "p", environment: fake.environment) == .failure(EngineTrouble(down)))
  }

  @Test func `anything else than what was asked for is trouble`() async throws {
    let listed = try Self.fake(ps: "<html>\n", inspect: "")
    #expect(
      await ComposeContainers.read(project: "p", environment: listed.environment)
        == .failure(EngineTrouble("docker ps wrote what Keyglass cannot read")))
    let inspected = try Self.fake(ps: "0a\n", inspect: "<html>\n")
    #expect(
      await ComposeContainers.read(project: "p", environment: inspected.environment)
        == .failure(EngineTrouble("docker inspect wrote what Keyglass cannot read")))
  }
}
