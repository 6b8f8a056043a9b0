import TestSupport
import Testing

/// `y` in a terminal: what arrives in its clipboard, and what redis-cli makes of that.
@Suite("Copying in a terminal", .serialized) struct CopyingTests {
  /// Opens a key, copies a part of it, and returns what the terminal's clipboard then holds.
  private func copy(_ part: String, of key: String, in terminal: Tmux, said: String) throws -> String {
    try terminal.type("O")
    try terminal.waitFor("open key:")
    try terminal.type(key)
    try terminal.keys("Enter")
    try terminal.waitFor("the value") { $0.contains("· was idle") && $0.contains(" \(key) ") }
    try terminal.type("y")
    try terminal.waitFor("name")
    try terminal.type(part)
    try terminal.waitFor("copied \(said), ")
    return try terminal.clipboard()
  }

  /// Each type, with and without a deadline, with bytes of every kind: the same DUMP, the same deadline.
  @Test func theCommandRecreatesTheKey() throws {
    let server = try TestServer()
    let nasty = "a \"quote\" \\x41 'b'\n\t e\u{301} \u{301} 中\u{202e}\u{0}"
    try server.pipeline([
      ["SET", "str", nasty, "PXAT", "4102444800123"], ["SET", "num", "123"],
      ["RPUSH", "lst", nasty, "2", "3"], ["HSET", "hsh", "f", nasty, "g", "1"], ["PEXPIREAT", "hsh", "4102444800321"],
      ["SADD", "set", "1", "2", "300"], ["ZADD", "zst", "1.5", nasty, "-inf", "b"],
      ["XADD", "stm", "5-1", "f", nasty], ["XGROUP", "CREATE", "stm", "g", "0"], ["SETBIT", "bits", "4000", "1"],
    ])
    let keys = ["str", "num", "lst", "hsh", "set", "zst", "stm", "bits"]
    let picture = keys.flatMap { [["DUMP", $0], ["PEXPIRETIME", $0], ["TYPE", $0]] }
    let before = try server.pipeline(picture)
    let terminal = try Tmux([Keyglass.path(), "-s", server.socketPath], size: Tmux.Size(columns: 120, rows: 36))
    try terminal.waitFor("all 8 keys")
    var commands: [String] = []
    for key in keys { commands.append(try copy("c", of: key, in: terminal, said: "the command")) }
    try server.cli("FLUSHALL")
    let program = try Keyglass()
    let path = try program.write(commands.joined(separator: "\n") + "\n", as: "commands.txt")
    let replies = try Run.output(["/bin/sh", "-c", "redis-cli -s \(server.socketPath) < \(path)"])
    #expect(replies.output.split(separator: "\n") == keys.map { _ in "OK" }, "\(commands)")
    #expect(try server.pipeline(picture) == before)
    #expect(commands[0].hasPrefix("SET str ") && commands[0].hasSuffix(" PXAT 4102444800123"))
  }

  @Test func valuesArriveByteForByte() throws {
    let server = try TestServer()
    let long = String(repeating: "0123456789", count: 7_000)
    try server.pipeline([
      ["SET", "long", long], ["SET", "short", "v\n\u{1b}[31m"], ["HSET", "hsh", "the field", "1"],
    ])
    try server.cli("SETRANGE", "over", "74994", "x")
    let terminal = try Tmux([Keyglass.path(), "-s", server.socketPath], size: Tmux.Size(columns: 140, rows: 36))
    try terminal.waitFor("all 4 keys")
    #expect(try copy("v", of: "short", in: terminal, said: "the value") == "v\n\u{1b}[31m")
    #expect(try copy("v", of: "long", in: terminal, said: "the value") == long)
    #expect(try copy("f", of: "hsh", in: terminal, said: "the field name") == "the field")
    #expect(try copy("k", of: "hsh", in: terminal, said: "the name") == "hsh")
    try terminal.type("O")
    try terminal.waitFor("open key:")
    try terminal.type("over")
    try terminal.keys("Enter")
    try terminal.waitFor("the value") { $0.contains("74,995") || $0.contains("73k") }
    try terminal.type("yv")
    try terminal.waitFor("the value has 74,995 bytes, the limit of the terminal's clipboard is 74,994 bytes")
    #expect(try terminal.clipboard() == "hsh", "what was there is still there")
  }

  @Test func theConfigSwitchesItOff() throws {
    let server = try TestServer()
    try server.cli("SET", "k", "v")
    let program = try Keyglass()
    let config = try program.write("clipboard: false\n", as: "config.yaml")
    let terminal = try Tmux([Keyglass.path(), "-s", server.socketPath, "--config", config])
    try terminal.waitFor("all 1 keys")
    try terminal.type("yk")
    try terminal.type("y")
    try terminal.waitFor("clipboard: false")
    #expect(try terminal.clipboard().contains("no buffer"))
  }
}
