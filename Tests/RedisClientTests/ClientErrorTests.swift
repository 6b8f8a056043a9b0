import RedisClient
import Testing

@Suite struct ClientErrorTests {
  @Test func messageHasThreeParts() {
    #expect(
      ClientError.refused(.tcp(host: "127.0.0.1", port: 6379)).message
        == "cannot connect to 127.0.0.1:6379: connection refused. Start a server there, name another one as HOST:PORT, "
        + "or look around with 'keyglass demo'.")
    #expect(!ClientError.refused(.tcp(host: "127.0.0.1", port: 6380)).message.contains("demo"))
    #expect(ClientError.refused(.tcp(host: "localhost", port: 6379)).message.contains("keyglass demo"))
    #expect(ClientError.notRedis(.http, firstBytes: []).message.contains("HTTP"))
    #expect(
      ClientError.maxClients.message
        == "server refuses the connection: its maximum number of clients is reached. Close other clients, or raise "
        + "'maxclients' on the server.")
    // An end without a word may be any of these.
    #expect(ClientError.closedByServer(isOwed: false).guess?.contains("idle timeout") == true)
    #expect(ClientError.closedByServer(isOwed: true).guess?.contains("output-buffer limit") == true)
  }

  @Test(arguments: [
    ClientError.serverError(serverText: [27, 91, 255]), .databaseUnavailable(3, serverText: [27, 91, 255]),
    .notRedis(.other, firstBytes: [27, 91, 255]),
  ])
  func whatTheServerWroteIsEscaped(error: ClientError) {
    #expect(error.message.contains("\\x1b[\\xff"))
    #expect(error.message.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F })
  }
}
