import RESP
import Testing

@testable import RedisClient

/// One is the user, and on the server, that was meant, or one is told.
@Suite struct IdentityTests {
  private let group = ClientGroup.make()

  /// Without a login a server takes whoever comes for its user `default`.
  @Test(arguments: [Endpoint.ProtocolPreference.automatic, .resp2])
  func aUserWithoutAPasswordIsNobodyElse(version: Endpoint.ProtocolPreference) async throws {
    let server = try await TestServer()
    let admin = try await Connection.connect(to: server.endpoint, on: group)
    _ = try await admin.call("ACL", "SETUSER", "clerk", "on", ">pw", "+@all")
    var endpoint = server.endpoint
    (endpoint.username, endpoint.protocolVersion) = (bytes("clerk"), version)
    let asked = endpoint
    let refusal = await failure { () async throws(ClientError) in try await Connection.connect(to: asked, on: group) }
    #expect(refusal == .wrongPassword)
    _ = try await admin.call("ACL", "SETUSER", "clerk", "nopass")
    let clerk = try await Connection.connect(to: asked, on: group)
    #expect(try await clerk.call("ACL", "WHOAMI").string == "clerk")
    clerk.close()
    admin.close()
  }

  @Test func aServerThatRepeatsThePasswordDoesNotShowIt() async throws {
    let answer = bytes("-ERR bad args: AUTH s3cret, s3cret\r\n")
    let server = try await FakeServer(.answer([answer, answer]), group: group)
    var endpoint = server.endpoint
    endpoint.password = bytes("s3cret")
    let asked = endpoint
    let error = await failure { () async throws(ClientError) in try await Connection.connect(to: asked, on: group) }
    #expect(error == .serverError(serverText: bytes("ERR bad args: AUTH ***, ***")))
  }

  @Test(arguments: [
    ("127.0.0.1:7450", "localhost:7450", true), ("127.0.0.1:7450", "[::1]:7450", true),
    ("LOCALHOST:7450", "127.1:7450", true), ("Cache.example.com", "cache.example.com.", true),
    ("127.0.0.1:7450", "127.0.0.1:7451", false), ("127.example.com", "localhost", false),
    ("10.0.0.1", "10.0.0.2", false), ("/a/s", "/a/s", true), ("/a/s", "/a/t", false),
  ])
  func samePlace(first: String, second: String, isSame: Bool) throws {
    let (first, second) = (try Endpoint.parse(uri: first).address, try Endpoint.parse(uri: second).address)
    #expect(first.isSamePlace(as: second) == isSame)
    #expect(second.isSamePlace(as: first) == isSame)
  }

  /// A transaction that was begun before it was locked writes nothing after.
  @Test func whatWasQueuedBeforeTheLock() async throws {
    let server = try await TestServer()
    let lock = WriteLock(isLocked: false)
    var options = ConnectionOptions()
    options.lock = lock
    let connection = try await Connection.connect(to: server.endpoint, options: options, on: group)
    _ = try await connection.call("MULTI")
    _ = try await connection.call("SET", "k", "v")
    lock.set(isLocked: true)
    // As the console sends what the server itself calls harmless.
    func send(_ word: String) async throws(ClientError) -> Replies {
      var batch = CommandBatch()
      batch.add(word)
      return try await connection.send(batch, knownReaders: ["MULTI", "EXEC", "DISCARD"])
    }
    for word in ["exec", "EXEC", "multi"] {
      let refusal = await failure { () async throws(ClientError) in try await send(word) }
      #expect(refusal == .readOnly(command: word.uppercased(), cause: .locked))
    }
    #expect(try await send("DISCARD")[0].string == "OK")
    #expect(try await connection.call("EXISTS", "k").integer == 0)
    connection.close()
  }
}
