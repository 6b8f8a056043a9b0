import TestSupport
import Testing

/// `keyglass exec` beside redis-cli.
@Suite("exec against a real server") struct ExecuteTests {
  private let server: TestServer
  private let program: Keyglass

  init() throws {
    server = try TestServer()
    program = try Keyglass()
    try server.pipeline([
      ["SET", "s", "line one\nline \"two\" \\ \u{1B}[31m é"], ["HSET", "h", "f", "v", "g", ""],
      ["RPUSH", "l", "a", "b", "c"], ["SADD", "e", "x"], ["ZADD", "z", "1.5", "m"],
    ])
  }

  private func exec(_ words: String..., options: [String] = []) throws -> Keyglass.Result {
    try program.run(["exec", "-s", server.socketPath] + options + words)
  }

  @Test("a pipe gets, byte for byte, what redis-cli --raw prints")
  func raw() throws {
    let cli = "/usr/bin/redis-cli"
    for words in [
      ["GET", "s"], ["GET", "none"], ["HGETALL", "h"], ["LRANGE", "l", "0", "-1"],
      ["ZRANGE", "z", "0", "-1", "WITHSCORES"],
      ["STRLEN", "s"], ["HGET", "s", "f"], ["NOSUCH"], ["LRANGE", "none", "0", "-1"],
      ["EVAL", "return {1,{2,'a',{}},false,redis.status_reply('fine')}", "0"], ["EXISTS", "s", "h"],
      ["MEMORY", "DOCTOR"], ["INFO", "keyspace"], ["LATENCY", "DOCTOR"],
    ] {
      let ours = try program.run(["exec", "-s", server.socketPath] + words)
      let theirs = try Run.output([cli, "-s", server.socketPath, "--raw"] + words)
      #expect(ours.output == theirs.output, "\(words)")
      #expect(ours.status == (words == ["NOSUCH"] || words.first == "HGET" ? 3 : 0), "\(words)")
    }
  }

  @Test func json() throws {
    #expect(try exec("HGETALL", "h", options: ["--json"]).output == "{\"f\":\"v\",\"g\":\"\"}\n")
    #expect(try exec("LRANGE", "l", "0", "-1", options: ["--json"]).output == "[\"a\",\"b\",\"c\"]\n")
    #expect(try exec("ZSCORE", "z", "m", options: ["--json"]).output == "1.5\n")
    #expect(try exec("EVAL", "return '\\255'", "0", options: ["--json"]).output == "{\"base64\":\"/w==\"}\n")
    let error = try exec("NOSUCH", options: ["--json"])
    #expect(error.output.hasPrefix("{\"error\":\"ERR unknown command"))
    #expect(error.status == 3)
  }

  @Test("on a terminal a reply is typed, numbered and escaped")
  func human() throws {
    let terminal = try Tmux([Keyglass.path(), "exec", "-s", server.socketPath, "GET", "s"])
    #expect(try terminal.waitFor("[exit 0]").contains(#""line one\nline \"two\" \\ \x1b[31m é""#))
    let list = try Tmux([Keyglass.path(), "exec", "-s", server.socketPath, "EVAL", "return {1,{'a',{}},false}", "0"])
    #expect(
      try list.waitFor("[exit 0]").contains("1) (integer) 1\n2) 1) \"a\"\n   2) (empty array)\n3) (nil)\n"))
  }

  @Test("read-only is read-only here too, and a stream is refused")
  func refused() throws {
    let write = try exec("SET", "s", "x", options: ["--read-only"])
    #expect(write.status == 1)
    #expect(write.output.contains("SET"))
    #expect(try server.cli("STRLEN", "s") != "1")
    // Not in the list of Keyglass, but the server says that it only reads.
    let script = try exec("EVAL_RO", "return redis.call('STRLEN', 's')", "0", options: ["--read-only"])
    #expect(script.status == 0)
    #expect(try exec("EVAL", "return 1", "0", options: ["--read-only"]).output.contains("EVAL: read-only mode"))
    let monitor = try exec("MONITOR")
    #expect(monitor.status == 2)
    #expect(monitor.output.contains("MONITOR has no end, and exec prints one reply. "))
    #expect(try exec("QUIT").output == "OK\n")
    let sort = try exec("SORT", "l", "ALPHA", options: ["--read-only"])
    #expect(
      sort.output
        == "keyglass: SORT: read-only mode lets out only what is known to read. Use SORT_RO, which only reads, or start "
        + "keyglass without --read-only.\n")
    #expect(try exec("SORT_RO", "l", "ALPHA", options: ["--read-only"]).output == "a\nb\nc\n")
    #expect(try exec("LATENCY", "DOCTOR", options: ["--read-only"]).status == 0)
  }

  @Test("-x reads the last argument as it is, and a word that looks like a secret arrives whole")
  func input() throws {
    let file = try program.write("one\ntwo\n", as: "input")
    let piped = try Run.output([
      "/bin/sh", "-c", "exec \"$0\" exec -x -s \"$1\" SET in <\"$2\"", try Keyglass.path(), server.socketPath, file,
    ])
    #expect(piped.output == "OK\n")
    #expect(try server.cli("GET", "in") == "one\ntwo\n")
    #expect(try exec("SET", "url", "redis://u:secret@h/0").output == "OK\n")
    #expect(try server.cli("GET", "url") == "redis://u:secret@h/0")
  }
}
