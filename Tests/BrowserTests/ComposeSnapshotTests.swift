import Canvas
import Requests
import Testing

@testable import Browser

/// The screen of the Compose project, recorded as the other screens are.
@Suite("Screens of the Compose project") struct ComposeSnapshotTests {
  static let sizes = [Size(width: 120, height: 36), Size(width: 80, height: 24)]
  static let allSizes = sizes + [Size(width: 40, height: 12)]

  @Test(arguments: allSizes) func mixed(size: Size) throws {
    var setup = Setup(endpointName: "127.0.0.1:16399", previewDelay: nil)
    setup.place = .compose(service: "cache")
    var harness = Harness.compose(size: size, setup: setup)
    var facts = ServerFacts()
    (facts.product, facts.version, facts.keys) = ("redis", "7.2.5", 1_204_331)
    harness.answer(.header, .server(facts))
    harness.state.compose.remembered["sessions"] = .init(product: "valkey", version: "8.0.1", keys: 7)
    try Snapshot.check(harness, "compose")
  }

  @Test(arguments: sizes) func project(size: Size) throws {
    var harness = Harness.compose(size: size)
    harness.stand(on: nil)
    try Snapshot.check(harness, "compose-project")
  }

  @Test(arguments: sizes) func advice(size: Size) throws {
    var harness = Harness.compose(size: size)
    harness.stand(on: "hidden")
    try Snapshot.check(harness, "compose-advice")
  }

  @Test(arguments: sizes) func down(size: Size) throws {
    var harness = Harness.compose(size: size)
    harness.stand(on: "sessions")
    try Snapshot.check(harness, "compose-exited")
  }

  @Test(arguments: sizes) func engineless(size: Size) throws {
    let why = "Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?"
    try Snapshot.check(.serverless(.project(.shop(engine: .fails(why: why))), size: size), "compose-no-engine")
  }

  @Test(arguments: sizes) func toolless(size: Size) throws {
    let listing = ComposeListing.shop(
      tool: .missing(why: "neither docker compose nor docker-compose is installed"), engine: .unknown)
    var harness = Harness.serverless(.project(listing), size: size)
    harness.stand(on: nil)
    try Snapshot.check(harness, "compose-no-tool")
  }

  @Test(arguments: allSizes) func output(size: Size) throws {
    var harness = Harness.serverless(size: size)
    harness.stand(on: "sessions")
    harness.press(.character("L"))
    harness.write(
      (1...60).map {
        "sessions-1  | 1:M 26 Nov 2026 19:42:\($0 % 60) * line \($0) of what a server writes, and it is a long one, longer than most screens are wide"
      })
    harness.advance(12_400)
    harness.press(.tab, .up, .up, .up)
    try Snapshot.check(harness, "compose-output")
  }

  @Test(arguments: sizes) func failed(size: Size) throws {
    var harness = Harness.serverless(size: size)
    harness.stand(on: "sessions")
    harness.press(.enter)
    harness.advance(200)
    harness.press(.enter)
    harness.write([
      " Container shop-sessions-1  Starting", "Error response from daemon: driver failed: port is already allocated",
    ])
    harness.advance(3_100)
    harness.send(.composeEnded(run: 1, .exited(status: 1)))
    try Snapshot.check(harness, "compose-failed")
  }

  @Test(arguments: sizes) func zoomed(size: Size) throws {
    var harness = Harness.compose(size: size)
    harness.press(.character("o"))
    harness.write([
      "NAME            IMAGE            COMMAND", "shop-cache-1    redis:7-alpine   \"docker-entrypoint.s…\"",
    ])
    harness.send(.composeEnded(run: 1, .exited(status: 0)))
    harness.press(.character("+"))
    try Snapshot.check(harness, "compose-zoomed")
  }

  @Test(arguments: sizes) func waiting(size: Size) throws {
    var harness = Harness.serverless(size: size)
    harness.stand(on: "inner")
    harness.press(.enter)
    harness.advance(4_200)
    try Snapshot.check(harness, "compose-waiting")
  }

  @Test(arguments: sizes) func confirming(size: Size) throws {
    var harness = Harness.compose(size: size)
    harness.stand(on: "sessions")
    harness.press(.enter)
    try Snapshot.check(harness, "compose-confirm")
  }

  @Test(arguments: sizes) func takingDown(size: Size) throws {
    var harness = Harness.compose(size: size)
    harness.press(.character("d"))
    try Snapshot.check(harness, "compose-down")
  }

  @Test(arguments: sizes) func leaving(size: Size) throws {
    var harness = Harness.compose(size: size)
    harness.stand(on: nil)
    harness.press(.character("u"))
    harness.advance(200)
    harness.press(.enter, .escape)
    try Snapshot.check(harness, "compose-leaving")
  }

  @Test(arguments: sizes) func connections(size: Size) throws {
    var harness = Harness.servers(size: size)
    harness.send(.compose(.project(.shop())))
    harness.press(.character("G"))
    try Snapshot.check(harness, "servers-compose")
  }

  @Test(arguments: sizes) func nothing(size: Size) throws {
    try Snapshot.check(.serverless(.nothing(folder: "/home/ada/work"), size: size), "compose-nothing")
  }

  @Test(arguments: sizes) func unusable(size: Size) throws {
    let why = "docker-compose.yml:12:7: did not find expected key, while parsing a block mapping that begins at 3:3"
    try Snapshot.check(.serverless(.unusable(why), size: size), "compose-unusable")
  }

  @Test(arguments: sizes) func help(size: Size) throws {
    var harness = Harness.serverless(size: size)
    harness.press(.character("?"))
    try Snapshot.check(harness, "compose-help")
  }

  @Test(arguments: sizes) func plain(size: Size) throws {
    var harness = Harness.serverless(size: size, isPlain: true)
    harness.press(.character("L"))
    harness.write(["cache-1  | ready"])
    try Snapshot.check(harness, "compose-plain", glyphs: .ascii)
  }
}
