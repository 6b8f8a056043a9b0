import Glibc
import TestSupport
import Testing

/// A real project from its file to its keys and back, with a real engine.
@Suite(
  "A Compose project", .serialized, .timeLimit(.minutes(5)),
  .enabled(if: ComposeFixture.isAvailable, "no docker engine here"))
struct ComposeProjectTests {
  private static func service(_ name: String, password: String, _ rest: String = "") -> String {
    """
      \(name):
        build: ./server
        command: ["--save", "", "--protected-mode", "no", "--requirepass", "\(password)"]
    \(rest)
    """
  }

  /// Keyglass as it is started in the folder of a project.
  private func run(_ arguments: [String], in folder: String) throws -> Keyglass.Result {
    try Keyglass().run(arguments, in: folder)
  }

  private func play(_ script: String, in folder: String) async throws {
    let result = try await Aside.run {
      let program = try Keyglass()
      let path = try program.write("size 120x36\n" + script, as: "compose.keys")
      return try program.run(["compose", "--script", path], in: folder)
    }
    #expect(result.status == 0, "\(result.output)")
  }

  @Test func `from the file to an edited key, through stop and start, and down again`() async throws {
    let port = try FreePort.take()
    // The engine chooses the port of `roving` with each start, and `inner` publishes none.
    let fixture = try ComposeFixture(
      "version: \"2.4\"\nservices:\n"
        + Self.service("cache", password: "pa$$word", "    ports: [\"127.0.0.1:\(port):6379\"]\n")
        + Self.service("roving", password: "${PASS:-from the file}", "    ports: [\"127.0.0.1::6379\"]\n")
        + Self.service("inner", password: "inside")
        + "  other:\n    build: ./server\n    entrypoint: [\"/bin/redis-cli\", \"--version\"]\n")
    try await play(
      """
      wait-for 30s compose [0-9.]+ . engine answers
      expect cache +not created
      # The project as a whole: build, up.
      key g
      key b
      wait-for will run: .*build
      wait-for .
      key Enter
      wait-for 120s exit 0 after
      key u
      wait-for will run: .*up -d
      key Enter
      wait-for 60s up -d.*exit 0 after
      wait-for 30s cache +running
      wait-for inner +running
      key o
      wait-for 30s ps.*exit 0 after
      # To its keys, with the password of the file, and an edit.
      key j Enter
      wait-for 30s compose/cache 127.0.0.1:\(port)
      wait-for all 0 keys
      redis SET greeting hello
      key R
      wait-for 10s greeting
      key G Enter
      wait-for hello
      key e
      wait-for \\[Save\\]
      key C-u
      type good morning
      key Enter
      wait-idle
      expect-redis good.morning GET greeting
      # Stopped and started under the eyes of the browser.
      key C c
      wait-for compose [0-9.]+ . engine answers
      key s
      wait-for will run
      wait-for \\[Cancel\\]
      key Tab Enter
      wait-for 60s stop.*exit 0 after
      wait-for 10s \\[STALE\\]
      wait-for cache +exited
      key a
      wait-for will run: .*start cache
      key Enter
      wait-for 60s start.*exit 0 after
      wait-for 10s cache +running
      key Escape Escape Escape
      wait-for db0 +0 keys
      wait-for all 0 keys
      expect-not STALE
      # One that is elsewhere after each start is found again.
      key C c
      wait-for compose [0-9.]+ . engine answers
      wait-for roving +running
      key j Enter
      # What was edited there cannot be undone from here.
      wait-for Leave it
      key Tab Enter
      wait-for 30s compose/roving 127.0.0.1
      wait-for all 0 keys
      key C c
      wait-for compose [0-9.]+ . engine answers
      key r
      wait-for \\[Cancel\\]
      key Tab Enter
      wait-for 60s restart.*exit 0 after
      key Escape Escape Escape
      wait-for 20s ops
      expect-not STALE
      # By the address of its container.
      key C c
      wait-for compose [0-9.]+ . engine answers
      key j Enter
      wait-for 30s compose/inner [0-9.]+:6379
      key C c
      wait-for compose [0-9.]+ . engine answers
      key d
      wait-for \\[Cancel\\]
      key Tab Enter
      wait-for 60s down.*exit 0 after
      wait-for cache +not created
      key q q
      """, in: fixture.folder)
  }

  @Test func `scripts list it, and go to a service by its name`() throws {
    let fixture = try ComposeFixture(
      "version: \"2.4\"\nservices:\n" + Self.service("inner", password: "inside")
        + "  web:\n    image: example/web\n    profiles: [never]\n")
    let before = try run(["compose", "--json"], in: fixture.folder)
    #expect(before.status == 0)
    #expect(before.output.contains("\"service\":\"inner\""))
    #expect(before.output.contains("\"state\":\"absent\""))
    #expect(before.output.contains("\"redis\":null"))
    #expect(!before.output.contains("inside"))
    let early = try run(["exec", "-u", "@compose/inner", "PING"], in: fixture.folder)
    #expect(
      early.output
        == "keyglass: @compose/inner: 'inner' has no container. Start it: u on it in 'keyglass compose'.\n")
    #expect(early.status == 1)

    try fixture.up("inner")
    let after = try run(["compose", "--json"], in: fixture.folder)
    #expect(after.output.contains("\"state\":\"running\""))
    #expect(after.output.contains("\"reach\":\"by the address of its container\""))
    #expect(
      Eventually.until { (try? run(["exec", "-u", "@compose/inner", "PING"], in: fixture.folder).output) == "PONG\n" })
    #expect(try run(["exec", "-u", "@compose/inner", "SET", "k", "v"], in: fixture.folder).output == "OK\n")
    #expect(try run(["ls", "-u", "@compose/inner"], in: fixture.folder).output == "k\n")
    let unknown = try run(["ls", "-u", "@compose/iner"], in: fixture.folder)
    #expect(unknown.output.contains("no such service in the project"))
    #expect(unknown.output.contains("Did you mean @compose/inner?"))
    #expect(unknown.status == 2)
    #expect(
      try run(["ls", "-u", "@compose/web"], in: fixture.folder).output.contains("nothing says that it speaks Redis"))
  }

  @Test func `a service that restarts for ever is said to, and not waited for`() async throws {
    let port = try FreePort.take()
    let fixture = try ComposeFixture(
      "version: \"2.4\"\nservices:\n  loop:\n    build: ./server\n    command: [\"--no-such-option\", \"x\"]\n"
        + "    restart: always\n    ports: [\"127.0.0.1:\(port):6379\"]\n")
    try fixture.up()
    try await play(
      """
      wait-for 30s loop +restarting
      key Enter
      wait-for 60s loop: it ends and is started again
      # Its log says why, and is followed until it is left.
      key L
      wait-for 30s no-such-option
      key C-c
      wait-for stopped
      key Q
      """, in: fixture.folder)
  }

  /// Its file does not tell of it any more, and another server has taken its port: that one hears nothing of us.
  @Test func `a connection that was lost is not made again to whoever has its port now`() throws {
    let port = try FreePort.take()
    let fixture = try ComposeFixture(
      "version: \"2.4\"\nservices:\n"
        + Self.service("cache", password: "secret", "    ports: [\"127.0.0.1:\(port):6379\"]\n"))
    try fixture.up()
    let terminal = try Tmux(
      ["/usr/bin/env", "-C", fixture.folder, Keyglass.path(), "@compose/cache"],
      size: Tmux.Size(columns: 120, rows: 30))
    try terminal.waitFor("all 0 keys")
    try fixture.write("services: [broken")
    let names = try ComposeFixture.docker(
      "ps", "-q", "--filter", "label=com.docker.compose.project=\(fixture.name)")
    let id = names.output.split(separator: "\n").first.map(String.init) ?? ""
    #expect(try ComposeFixture.docker("stop", "-t", "1", id).status == 0)
    let other = try TestServer(["--bind", "127.0.0.1", "--port", "\(port)"])
    try terminal.waitFor("[STALE]")
    try terminal.waitFor("its files do not tell")
    try terminal.type("R")
    try terminal.waitFor("its files do not tell")
    #expect(try other.cli("INFO", "commandstats").contains("cmdstat_hello") == false)
    #expect(try other.cli("INFO", "commandstats").contains("cmdstat_auth") == false)
    try terminal.type("Q")
    try terminal.waitFor("[exit 0]")
  }

  /// `docker events` is one of them.
  @Test func `nothing that was started is left behind`() throws {
    let fixture = try ComposeFixture("version: \"2.4\"\nservices:\n" + Self.service("inner", password: "inside"))
    try fixture.up()
    for keys in ["Q", "L"] {
      let terminal = try Tmux(
        ["/usr/bin/env", "-C", fixture.folder, Keyglass.path(), "compose"], size: Tmux.Size(columns: 100, rows: 30))
      try terminal.waitFor("the tool and the engine") {
        $0.contains("engine answers") && !$0.contains("looking for docker compose")
      }
      try terminal.type(keys)
      if keys == "Q" {
        try terminal.waitFor("[exit 0]")
      } else {
        try terminal.waitFor("Ready to accept")
        // As when the window is closed.
        try terminal.close()
      }
      #expect(
        Eventually.until {
          let left = try? Run.output(["/bin/sh", "-c", "ps ax -o args | grep '[d]ocker.*\(fixture.name)' || true"])
          return left?.output == ""
        })
    }
  }

  /// What listens there is not the service, and gets neither its password nor an edit.
  @Test func `a port that is taken by another server is not taken for the service`() async throws {
    let holder = try TestServer(tcp: true)
    let port = try #require(holder.port)
    let fixture = try ComposeFixture(
      "version: \"2.4\"\nservices:\n"
        + Self.service("cache", password: "secret", "    ports: [\"127.0.0.1:\(port):6379\"]\n"))
    _ = try fixture.compose("build")
    try await play(
      """
      wait-for 30s compose [0-9.]+ . engine answers
      key u
      wait-for will run: .*up -d cache
      key Enter
      wait-for 60s exit 1
      expect already allocated|already in use
      wait-for cache +created
      key Q
      """, in: fixture.folder)
    let result = try run(["exec", "-u", "@compose/cache", "PING"], in: fixture.folder)
    #expect(result.status == 1)
    #expect(result.output.contains("'cache' was made but not started"))
    #expect(try holder.cli("INFO", "commandstats").contains("cmdstat_auth") == false)
    #expect(try holder.cli("INFO", "commandstats").contains("cmdstat_hello") == false)
  }
}
