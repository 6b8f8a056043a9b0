import RedisClient
import Testing

@Suite struct EndpointTests {
  @Test(arguments: [
    ("redis://", Endpoint()),
    ("redis://example.org", Endpoint(address: .tcp(host: "example.org", port: 6379))),
    ("valkey://h:1/2", Endpoint(address: .tcp(host: "h", port: 1), database: 2)),
    ("REDIS://h/?db=3", Endpoint(address: .tcp(host: "h", port: 6379), database: 3)),
    (
      "redis://u:p%40ss@h",
      Endpoint(address: .tcp(host: "h", port: 6379), username: bytes("u"), password: bytes("p@ss"))
    ),
    ("redis://u:p@ss@h", Endpoint(address: .tcp(host: "h", port: 6379), username: bytes("u"), password: bytes("p@ss"))),
    ("redis://:pw@h", Endpoint(address: .tcp(host: "h", port: 6379), password: bytes("pw"))),
    ("redis://pw@h", Endpoint(address: .tcp(host: "h", port: 6379), password: bytes("pw"))),
    ("redis://u:%ff%00@h", Endpoint(address: .tcp(host: "h", port: 6379), username: bytes("u"), password: [255, 0])),
    ("redis://[::1]:7000/1", Endpoint(address: .tcp(host: "::1", port: 7000), database: 1)),
    ("redis://[::1]", Endpoint(address: .tcp(host: "::1", port: 6379))),
    ("redis://h?protocol=2", Endpoint(address: .tcp(host: "h", port: 6379), protocolVersion: .resp2)),
    ("unix:///run/a%20b.sock?db=1", Endpoint(address: .unix(path: "/run/a b.sock"), database: 1)),
    ("unix://u:pw@/s", Endpoint(address: .unix(path: "/s"), username: bytes("u"), password: bytes("pw"))),
    ("/run/redis.sock", Endpoint(address: .unix(path: "/run/redis.sock"))),
    ("localhost", Endpoint(address: .tcp(host: "localhost", port: 6379))),
    ("localhost:7", Endpoint(address: .tcp(host: "localhost", port: 7))),
    (":7", Endpoint(address: .tcp(host: "127.0.0.1", port: 7))),
    ("::1", Endpoint(address: .tcp(host: "::1", port: 6379))),
    ("[fe80::1]:7", Endpoint(address: .tcp(host: "fe80::1", port: 7))),
  ])
  func reads(text: String, endpoint: Endpoint) throws {
    #expect(try Endpoint.parse(uri: text) == endpoint)
  }

  @Test(arguments: ["rediss", "valkeys", "REDISS"])
  func readsTLS(scheme: String) throws {
    let endpoint = try Endpoint.parse(uri: "\(scheme)://u:pw@[::1]:7/3")
    #expect(endpoint.tls == TLSSettings())
    #expect(endpoint.tls?.verifiesServer == true)
    #expect(!endpoint.forbidsWrites)
    #expect(endpoint.address == .tcp(host: "::1", port: 7))
    #expect(endpoint.password == bytes("pw") && endpoint.database == 3)
    #expect(try Endpoint.parse(uri: "redis://h").tls == nil)
  }

  @Test(arguments: [
    ("http://h", EndpointError.unknownScheme("http")), ("tls://h", .unknownScheme("tls")),
    ("rediss://h:x", .badPort), ("redis://h:0", .badPort), ("redis://h:65536", .badPort),
    ("redis://h:+1", .badPort), ("h:", .badPort), ("redis://h/x", .badDatabase),
    ("redis://h/-1", .badDatabase), ("redis://h/1/2", .badDatabase),
    ("redis://%zz@h", .badPercentEncoding),
    ("redis://%4@h", .badPercentEncoding), ("redis://[::1", .badHost), ("redis://a b", .badHost), ("", .badHost),
    ("user@host", .badHost), ("unix://x", .missingPath), ("unix:///", .missingPath),
    ("redis://h?ssl=1", .unknownParameter), ("redis://h?db=x", .badDatabase),
  ])
  func refuses(text: String, error: EndpointError) {
    #expect(throws: error) { try Endpoint.parse(uri: text) }
    #expect(error.message.hasPrefix("not the address of a server: ") && error.message.hasSuffix("."))
  }

  @Test(arguments: [
    "redis://u:hunter2/x@h", "redis://u:1?hunter2@h", "u:hunter2://h", "redis://u:hunter2%@h", "u:hunter2@h",
  ])
  func anErrorRepeatsNoSecret(text: String) throws {
    let error = #expect(throws: EndpointError.self) { try Endpoint.parse(uri: text) }
    let message = try #require(error?.message)
    #expect(!message.contains("hunter2") && !String(reflecting: error).contains("hunter2"))
  }

  @Test func displays() {
    #expect(Endpoint(address: .tcp(host: "::1", port: 7)).display == "[::1]:7")
    #expect(Endpoint(address: .tcp(host: "h\u{1B}", port: 7)).display == "h\\x1b:7")
    #expect(Endpoint(address: .unix(path: "/tmp/é")).display == "/tmp/\\xc3\\xa9")
  }

  @Test func secretsAreNeverPrinted() {
    let endpoint = Endpoint(username: bytes("marie"), password: bytes("hunter2"))
    var dumped = ""
    dump(endpoint, to: &dumped)
    dumped +=
      "\(endpoint) \(String(reflecting: endpoint)) \(String(describing: Optional(endpoint))) \(endpoint.display)"
    // 104, 117 are the first bytes of the password as an array prints them.
    for secret in ["hunter2", "marie", "104", "117"] { #expect(!dumped.contains(secret)) }
  }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }
