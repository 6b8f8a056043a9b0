import Glibc
import TestSupport
import Testing

/// `C` in the built program: what was used is there, and is gone to.
@Suite("Connections in a terminal", .serialized) struct ConnectionsTests {
  private static let size = Tmux.Size(columns: 120, rows: 36)

  private func open(_ server: TestServer, state: String, key: String) throws -> Tmux {
    let terminal = try Tmux(
      [Keyglass.path(), "-s", server.socketPath], size: Self.size, environment: ["XDG_STATE_HOME=\(state)"])
    try terminal.waitFor(key)
    return terminal
  }

  private func leave(_ terminal: Tmux) throws {
    try terminal.type("Q")
    try terminal.waitFor("[exit 0]")
  }

  private func read(_ path: String) -> String { (try? Run.output(["/bin/cat", path]).output) ?? "" }

  @Test("a server that was used is listed, for this user alone, and Enter goes there")
  func recent() async throws { try await Aside.run { try checkRecent() } }

  private func checkRecent() throws {
    let (first, second, state) = (try TestServer(), try TestServer(), try TestFolder.make())
    defer { TestFolder.remove(state) }
    try first.cli("SET", "lemon", "1")
    try second.cli("SET", "melon", "2")
    let file = "\(state)/keyglass/servers"
    let before = try open(first, state: state, key: "lemon")
    #expect(Eventually.until { read(file).contains(first.socketPath) })
    try leave(before)
    #expect(try Run.output(["/usr/bin/stat", "-c", "%a", file, "\(state)/keyglass"]).output == "600\n700\n")

    let terminal = try open(second, state: state, key: "melon")
    try terminal.type("C")
    try terminal.waitFor("Connections: 2 servers")
    try terminal.type("T")
    try terminal.waitFor("both answer") { screen in
      screen.split(separator: "\n").count { $0.contains(" ms redis") && $0.contains("master") } == 2
    }
    // The one that is shown stands first: it is the newest.
    try terminal.type("j")
    try terminal.waitFor("the server that was used before, with its whole path") { screen in
      screen.contains("\(first.socketPath) ") && !screen.contains("you are here")
    }
    try terminal.keys("Enter")
    try terminal.waitFor("the other server's keys") { $0.contains("lemon") && !$0.contains("melon") }
    try terminal.waitFor("all 1 key")
    #expect(Eventually.until { read(file).hasPrefix("used=") && read(file).split(separator: "\n").count == 2 })
    #expect(Eventually.until { read(file).split(separator: "\n").first?.contains(first.socketPath) == true })
    try leave(terminal)
    #expect(Eventually.until { (try? first.cli("CLIENT", "LIST").contains("name=keyglass")) == false })
  }

  /// Scripts press `C` too, and remember nothing.
  @Test func script() throws {
    let (first, second, state) = (try TestServer(), try TestServer(), try TestFolder.make())
    defer { TestFolder.remove(state) }
    try first.cli("SET", "lemon", "1")
    try second.cli("SET", "melon", "2")
    let program = try Keyglass(environment: ["XDG_STATE_HOME=\(state)"])
    _ = try Run.output(["/bin/mkdir", "-p", "\(state)/keyglass"])
    let recents = "used=1767225600000 address=\(first.socketPath) db=0 tls=no\n"
    let list = try program.write(recents, as: "servers")
    _ = try Run.output(["/bin/cp", list, "\(state)/keyglass/servers"])
    let script = """
      wait-for all 1 key
      wait-for melon
      key C
      wait-for Connections: 1 server
      key t
      wait-for [0-9.]+ ms redis
      key Enter
      wait-for connected to \(first.socketPath)
      wait-for lemon
      expect-not melon
      # The other client of a script stays where it was.
      expect-redis ^2$ GET melon
      """
    let path = try program.write(script + "\n", as: "switch.keys")
    let result = try program.run(["-s", second.socketPath, "--script", path])
    #expect(result.status == 0, "\(result.output)")
    #expect(read("\(state)/keyglass/servers") == recents)
  }

  /// `@NAME` of a profile with `env: prod`: locked until its name is typed, whichever way leads there.
  @Test(arguments: ["@prod-cache", "the address", "C"]) func production(way: String) throws {
    let (server, other) = (try TestServer(), try TestServer())
    try server.cli("SET", "lemon", "1")
    try server.cli("CONFIG", "RESETSTAT")
    let program = try Keyglass()
    let config = try program.write(
      """
      servers:
        prod-cache: { socket: \(server.socketPath), env: prod }
        local: { socket: \(other.socketPath), env: dev }

      """, as: "config.yaml")
    let script = """
      \(way == "C" ? "key C\nwait-for @prod-cache\nkey g\nkey Enter\nwait-for connected to @prod-cache" : "")
      wait-for all 1 key
      expect ^ prod-cache /.*db0.*\\[RO\\]
      key d
      expect read-only: prod-cache is production; L unlocks it
      key :
      type SET lemon 2
      key Enter
      wait-for not sent: .*production, and locked
      key C-u Escape
      key L
      wait-for type prod-cache to confirm
      type prod-cache
      key Enter
      wait-for \\[UNLOCKED 15m\\]
      key t
      wait-for will run
      type 2h
      key Enter
      wait-for done: .*TTL
      key L
      wait-for \\[RO\\]
      key t
      expect L unlocks it
      """
    // Nobody can type the name there.
    let exec = try program.run(["exec", "--config", config, "-u", "@prod-cache", "SET", "lemon", "9"])
    #expect(exec.status == 1 && exec.output.contains("production, and locked"), "\(exec.output)")
    let path = try program.write(script + "\n", as: "production.keys")
    let named =
      switch way {
      case "@prod-cache": ["@prod-cache"]
      case "C": ["@local"]
      default: ["-s", server.socketPath]
      }
    let result = try program.run(named + ["--config", config, "--script", path])
    #expect(result.status == 0, "\(result.output)")
    let ttl = try #require(Int(try server.cli("TTL", "lemon")))
    #expect(ttl > 7_000 && ttl <= 7_200)
    #expect(try server.cli("GET", "lemon") == "1")
    let statistics = try server.cli("INFO", "commandstats")
    #expect(!statistics.contains("cmdstat_set:"))
  }
}
