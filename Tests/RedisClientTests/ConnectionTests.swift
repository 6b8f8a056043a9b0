import NIOCore
import NIOPosix
import RESP
import RedisClient
import Testing

@Suite(.timeLimit(.minutes(1))) struct ConnectionTests {
  let group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton

  @Test func resp3SaysWhoItIs() async throws {
    let server = try await TestServer()
    let connection = try await Connection.connect(to: server.endpoint, on: group)
    #expect(connection.hello.server == "redis" || connection.hello.server == "valkey")
    #expect(connection.hello.protocolVersion == 3)
    #expect(connection.hello.version.contains("."))
    #expect(connection.hello.mode == "standalone" && connection.hello.role == "master")
    #expect(try await connection.call("CLIENT", "GETNAME").string == "keyglass")
    _ = try await connection.call("HSET", "h", "f", "v")
    #expect(try await connection.call("HGETALL", "h").kind == .map)
    connection.close()
    #expect(await failure { () async throws(ClientError) in try await connection.call("PING") } == .closed)
  }

  @Test func resp2OnRequestAndWhereHelloIsUnknown() async throws {
    let server = try await TestServer()
    var endpoint = server.endpoint
    endpoint.protocolVersion = .resp2
    let connection = try await Connection.connect(to: endpoint, on: group)
    var told = connection.hello
    // Servers before 7.2 do not know NO-TOUCH.
    told.refused = []
    #expect(told == HelloFacts(protocolVersion: 2))
    _ = try await connection.call("HSET", "h", "f", "v")
    let hash = try await connection.call("HGETALL", "h")
    #expect(hash.kind == .array && hash.value(for: "f")?.string == "v")
    connection.close()

    let old = try await TestServer("--rename-command", "HELLO", "", "--requirepass", "pw")
    var withPassword = old.endpoint
    withPassword.password = bytes("pw")
    let fallen = try await Connection.connect(to: withPassword, on: group)
    #expect(fallen.hello.protocolVersion == 2)
    #expect(try await fallen.call("PING").string == "PONG")
    fallen.close()
    withPassword.protocolVersion = .resp3
    let refused = await failure { () async throws(ClientError) in
      try await Connection.connect(to: withPassword, on: group)
    }
    guard case .serverError = refused else {
      Issue.record("\(String(describing: refused))")
      return
    }
    let none = await failure { () async throws(ClientError) in
      try await Connection.connect(to: old.endpoint, on: group)
    }
    #expect(none == .authenticationRequired)
  }

  @Test func errorsAreReplies() async throws {
    let server = try await TestServer()
    let connection = try await Connection.connect(to: server.endpoint, on: group)
    var batch = CommandBatch()
    batch.add("SET", "k", [0, 255, 13, 10] as [UInt8])
    batch.add("LPUSH", "k", "x")
    batch.add("GET", "k")
    batch.add("NOSUCH")
    let replies = try await connection.send(batch)
    #expect(replies.map(\.kind) == [.simpleString, .error, .bulkString, .error])
    #expect(replies[1].errorCode == "WRONGTYPE")
    #expect(Array(replies[2].bytes) == [0, 255, 13, 10])
    #expect(try await connection.send(CommandBatch()).isEmpty)
    connection.close()
  }

  @Test func manyBatchesOnTheWay() async throws {
    let server = try await TestServer()
    let connection = try await Connection.connect(to: server.endpoint, on: group)
    try await withThrowingTaskGroup(of: Bool.self) { tasks in
      for number in 0..<300 {
        tasks.addTask {
          var batch = CommandBatch()
          for part in 0..<10 { batch.add("ECHO", "\(number).\(part)") }
          return try await connection.send(batch).map(\.string) == (0..<10).map { "\(number).\($0)" }
        }
      }
      for try await isRight in tasks { #expect(isRight) }
    }
    connection.close()
  }

  @Test func databases() async throws {
    let server = try await TestServer("--databases", "4")
    var endpoint = server.endpoint
    endpoint.database = 3
    let connection = try await Connection.connect(to: endpoint, on: group)
    _ = try await connection.call("SET", "k", "v")
    #expect(try await connection.call("CLIENT", "INFO").string.contains(" db=3 "))
    connection.close()
    endpoint.database = 4
    let outside = await failure { () async throws(ClientError) in
      try await Connection.connect(to: endpoint, on: group)
    }
    guard case .databaseUnavailable(4, let text) = outside else {
      Issue.record("\(String(describing: outside))")
      return
    }
    #expect(!text.isEmpty)
  }

  @Test func users() async throws {
    let server = try await TestServer(
      "--user", "default", "off", "--user", "reader", "on", ">secret", "~*", "+get",
      "--user", "nothing", "on", ">x", "-@all")
    var endpoint = server.endpoint
    endpoint.username = bytes("reader")
    endpoint.password = bytes("secret")
    for preference in [Endpoint.ProtocolPreference.automatic, .resp2] {
      endpoint.protocolVersion = preference
      let connection = try await Connection.connect(to: endpoint, on: group)
      #expect(connection.hello.protocolVersion == (preference == .resp2 ? 2 : 3))
      #expect(try await connection.call("GET", "k").isNull)
      #expect(try await connection.call("SET", "k", "v").errorCode == "NOPERM")
      connection.close()
    }
    var denied = endpoint
    denied.database = 1
    let noSelect = await failure { () async throws(ClientError) in
      try await Connection.connect(to: denied, on: group)
    }
    guard case .databaseUnavailable(1, _) = noSelect else {
      Issue.record("\(String(describing: noSelect))")
      return
    }
    for preference in [Endpoint.ProtocolPreference.automatic, .resp2] {
      var wrong = endpoint
      wrong.protocolVersion = preference
      wrong.password = bytes("no")
      #expect(
        await failure { () async throws(ClientError) in try await Connection.connect(to: wrong, on: group) }
          == .wrongPassword)
      wrong.username = nil
      wrong.password = nil
      #expect(
        await failure { () async throws(ClientError) in try await Connection.connect(to: wrong, on: group) }
          == .authenticationRequired)
    }
    endpoint.username = bytes("nothing")
    endpoint.password = bytes("x")
    try await Connection.connect(to: endpoint, on: group).close()
  }

  @Test func aPasswordThatNobodyAskedForDoesNoHarm() async throws {
    let server = try await TestServer()
    var endpoint = server.endpoint
    endpoint.password = bytes("superfluous")
    for preference in [Endpoint.ProtocolPreference.automatic, .resp2] {
      endpoint.protocolVersion = preference
      let connection = try await Connection.connect(to: endpoint, on: group)
      #expect(try await connection.call("PING").string == "PONG")
      connection.close()
    }
  }

  @Test func pushesGoTheirOwnWay() async throws {
    let server = try await TestServer()
    let pushes = Recorder<[String]>()
    let options = ConnectionOptions(onPush: { push in
      pushes.add([push[0].string] + push[1].children.map(\.string))
    })
    let connection = try await Connection.connect(to: server.endpoint, options: options, on: group)
    let other = try await Connection.connect(to: server.endpoint, on: group)
    _ = try await connection.call("CLIENT", "TRACKING", "ON", "BCAST")
    _ = try await other.call("SET", "watched", "1")
    #expect(try await connection.call("GET", "watched").string == "1")
    #expect(try await pushes.first { _ in true } == ["invalidate", "watched"])
    _ = try await other.call("FLUSHALL")
    #expect(try await pushes.first(from: 1) { _ in true } == ["invalidate"])
    connection.close()
    other.close()
  }

  @Test func aCancelledReadLeavesTheConnectionUsable() async throws {
    let server = try await TestServer()
    let connection = try await Connection.connect(to: server.endpoint, on: group)
    let other = try await Connection.connect(to: server.endpoint, on: group)
    let reading = Task {
      await failure { () async throws(ClientError) in try await connection.call("BLPOP", "q", "0") }
    }
    while try await !other.call("CLIENT", "LIST").string.contains("cmd=blpop") {}
    reading.cancel()
    #expect(await reading.value == .cancelled)
    async let echo = connection.call("ECHO", "after")
    _ = try await other.call("LPUSH", "q", "x")
    #expect(try await echo.string == "after")
    connection.close()
    other.close()
  }

  /// DEBUG PROTOCOL makes the server send one reply of each type.
  @Test("fault 44: every type from a live server, with a push and an attribute among them")
  func everyTypeFromALiveServer() async throws {
    let server = try await TestServer("--enable-debug-command", "local")
    let pushes = Recorder<String>()
    let options = ConnectionOptions(onPush: { pushes.add($0[0].string) })
    let connection = try await Connection.connect(to: server.endpoint, options: options, on: group)
    let types = ["string", "integer", "double", "bignum", "null", "array", "set", "map", "attrib", "verbatim", "true"]
    var batch = CommandBatch()
    for type in types + ["push", "false"] { batch.add("DEBUG", "PROTOCOL", type) }
    let replies = try await connection.send(batch)
    #expect(
      replies.map(\.kind) == [
        .bulkString, .integer, .double, .bigNumber, .null, .array, .set, .map, .bulkString, .verbatim, .boolean,
        .bulkString, .boolean,
      ])
    #expect(pushes.all.count == 1)
    connection.close()
  }

  @Test func aLargeValueArrivesWhole() async throws {
    let server = try await TestServer()
    let connection = try await Connection.connect(to: server.endpoint, on: group)
    _ = try await connection.call("SETRANGE", "big", "99999999", "x")
    let reply = try await connection.call("GET", "big")
    #expect(reply.bytes.count == 100_000_000)
    #expect(reply.bytes.last == UInt8(ascii: "x"))
    connection.close()
  }
}
