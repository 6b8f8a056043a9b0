import RedisClient
import Testing

@testable import App

/// Which TLS the options ask for.
@Suite struct TLSArgumentsTests {
  private static let plain = Endpoint(address: .tcp(host: "h", port: 1))

  private static var secure: Endpoint {
    var endpoint = plain
    endpoint.tls = TLSSettings()
    return endpoint
  }

  private func settings(
    for endpoint: Endpoint = plain, _ change: (inout TLSArguments) -> Void
  ) throws -> TLSSettings? {
    var arguments = TLSArguments()
    change(&arguments)
    return try arguments.settings(for: endpoint)
  }

  @Test func noneIsAskedFor() throws {
    #expect(try settings { _ in } == nil)
  }

  @Test func allOfThem() throws {
    let found = try settings {
      $0.isWanted = true
      $0.serverName = "n"
      $0.authorityFile = "a"
      $0.authorityFolder = "d"
      $0.certificateFile = "c"
      $0.keyFile = "k"
    }
    var expected = TLSSettings()
    expected.serverName = "n"
    (expected.authorityFile, expected.authorityFolder) = ("a", "d")
    (expected.certificateFile, expected.keyFile) = ("c", "k")
    #expect(found == expected)
    #expect(found?.verifiesServer == true)
  }

  /// A URI or a profile may ask for TLS; options then say how.
  @Test func theEndpointAsks() throws {
    var endpoint = Self.secure
    endpoint.tls?.authorityFile = "theirs"
    endpoint.tls?.serverName = "their-name"
    let found = try settings(for: endpoint) { $0.authorityFolder = "d" }
    #expect(found?.authorityFile == nil && found?.authorityFolder == "d" && found?.serverName == "their-name")
  }

  @Test func insecureForbidsWrites() throws {
    var endpoint = Self.secure
    endpoint.tls = try settings(for: endpoint) { $0.isInsecure = true }
    #expect(endpoint.tls?.verifiesServer == false)
    #expect(endpoint.forbidsWrites)
    endpoint.tls = try settings(for: endpoint) {
      $0.isInsecure = true
      $0.allowsInsecureWrites = true
    }
    #expect(!endpoint.forbidsWrites)
  }

  struct Bad: Sendable {
    let message: String
    let endpoint: Endpoint
    let change: @Sendable (inout TLSArguments) -> Void

    init(_ message: String, _ endpoint: Endpoint = secure, _ change: @escaping @Sendable (inout TLSArguments) -> Void) {
      (self.message, self.endpoint, self.change) = (message, endpoint, change)
    }
  }

  @Test(arguments: [
    Bad("--cacert: it means nothing without TLS. Add --tls, or write rediss:// for redis://.", plain) {
      $0.authorityFile = "f"
    },
    Bad("--insecure: it means nothing without TLS. Add --tls, or write rediss:// for redis://.", plain) {
      $0.isInsecure = true
    },
    Bad(
      "--tls: a Unix socket is not encrypted. Name a host and a port, or leave it out.",
      Endpoint(address: .unix(path: "/s"))
    ) { $0.isWanted = true },
    Bad("--cert: a certificate and its key go together. Give --key too.") { $0.certificateFile = "f" },
    Bad("--key: a certificate and its key go together. Give --cert too.") { $0.keyFile = "f" },
    Bad("--cacertdir: the value is empty. Name a folder.") { $0.authorityFolder = "" },
    Bad("--sni: the value is empty. Name a host.") { $0.serverName = "" },
    Bad(
      "--sni 10.0.0.1: a server is named here by a host name, not by an address. "
        + "Connect to the address itself with -h, or name a host of the certificate."
    ) { $0.serverName = "10.0.0.1" },
    Bad("--insecure-writes: it means nothing without --insecure. Leave it out: a verified server is written to.") {
      $0.allowsInsecureWrites = true
    },
  ])
  func wrongUsage(bad: Bad) {
    let error = #expect(throws: ErrorLine.self) { try settings(for: bad.endpoint, bad.change) }
    #expect(error?.text == bad.message)
    #expect(error?.status == .usage)
  }
}
