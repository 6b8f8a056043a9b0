import PrivateServer
import TestSupport
import Testing

/// What issue and manual promise of the sample shop, asked from the server.
@Suite struct DemoShopTests {
  @Test func holdsWhatTheManualNames() throws {
    let server = try PrivateServer.start(seed: .demo, still: true)
    defer { server.stop() }
    func expect(_ reply: String, _ command: String...) throws {
      var batch = ServerBatch()
      batch.add(command)
      var socket = try ServerSocket(path: server.socketPath)
      let text = try socket.send(batch)[0].text
      #expect(text == reply, "\(command)")
    }
    try expect("MARIE\n20", "HMGET", "user:1", "username", "age")
    try expect("marie@example.com", "HGET", "user:1", "email")
    try expect("41", "SINTERCARD", "2", "users", "users2")
    try expect("200", "ZCARD", "leaderboard")
    try expect("MARIE", "ZREVRANGE", "leaderboard", "0", "0")
    try expect("100000", "LLEN", "big:list")
    try expect("100000", "HLEN", "big:hash")
    try expect("400", "XLEN", "orders")
    try expect("40", "LLEN", "queue:mail")
    for (type, key) in [
      ("hash", "user:200"), ("set", "users"), ("zset", "leaderboard"), ("list", "queue:mail"), ("stream", "orders"),
      ("string", "product:TEA-0000"), ("string", "한국어:키:1"), ("string", "emoji:🍵"), ("string", ""),
      ("string", ":imported"), ("string", "legacy:"), ("string", "image:thumb:1"), ("string", "visits:today"),
      ("string", "visitors:unique"), ("zset", "stores"),
    ] {
      try expect(type, "TYPE", key)
    }
    // 280 of 325 delivered entries are acknowledged.
    #expect(try ask(server, "XPENDING", "orders", "fulfilment").hasPrefix("45\n"))
    #expect(try ask(server, "INFO", "keyspace").contains(/db1:keys=4\d,expires=2[\s\S]*db3:keys=9,expires=9/))
    #expect(Int(try ask(server, "BITCOUNT", "visits:today")) == 134)
  }

  @Test func sessionsExpireInSecondsToDays() throws {
    let server = try PrivateServer.start(seed: .demo, still: true)
    defer { server.stop() }
    let names = try ask(server, "KEYS", "session:*").split(separator: "\n").map(String.init)
    #expect(names.count > 590)
    #expect(names.contains { $0.hasPrefix("session:eu:") } && names.contains { $0.hasPrefix("session:us:") })
    let deadlines = try names.map { try #require(Int(try ask(server, "TTL", $0))) }
    #expect(deadlines.allSatisfy { $0 != -1 })
    for range in [0..<60, 60..<3600, 3600..<86_400, 86_400..<1_300_000] {
      #expect(deadlines.count { range.contains($0) } > 20, "\(range)")
    }
  }

  @Test func isTheSameAtEveryStart() throws {
    let first = try PrivateServer.start(seed: .demo, still: true)
    let second = try PrivateServer.start(seed: .demo, still: true)
    defer {
      first.stop()
      second.stop()
    }
    for key in ["user:17", "product:CUP-0001", "image:thumb:3", "leaderboard"] {
      let dump = try ask(first, "DUMP", key)
      #expect(try ask(first, "TYPE", key) != "none")
      #expect(try dump == ask(second, "DUMP", key))
    }
  }

  @Test func stillIsStillAndTheGeneratorIsNot() throws {
    let still = try PrivateServer.start(seed: .demo, still: true)
    let busy = try PrivateServer.start(seed: .demo, still: false)
    defer {
      still.stop()
      busy.stop()
    }
    let before = Set(try ask(busy, "KEYS", "session:*").split(separator: "\n"))
    let orders = try ask(busy, "GET", "counter:orders")
    let moved = try Eventually.until(seconds: 30) {
      let now = Set(try ask(busy, "KEYS", "session:*").split(separator: "\n"))
      return try now.subtracting(before).count >= 10 && !before.subtracting(now).isEmpty
        && ask(busy, "GET", "counter:orders") != orders
    }
    #expect(moved)
    let calls = try ask(still, "INFO", "commandstats")
    #expect(calls.contains("cmdstat_hset"))
    #expect(!calls.contains("cmdstat_zincrby"))
    #expect(try ask(still, "GET", "counter:orders") == "48213")
    #expect(try ask(busy, "INFO", "commandstats").contains("cmdstat_zincrby"))
  }

  @Test func stoppingABusyServerReturns() throws {
    let server = try PrivateServer.start(seed: .demo, still: false)
    let process = try #require(server.processID)
    server.stop()
    #expect(!isRunning(process))
  }
}
