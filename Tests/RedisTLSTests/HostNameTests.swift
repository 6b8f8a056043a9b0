import Testing

@testable import RedisTLS

/// Which name of a certificate is for which host (RFC 9525, section 6.3).
@Suite struct HostNameTests {
  @Test(arguments: [
    ("db.example.test", "db.example.test"), ("DB.example.TEST", "db.EXAMPLE.test"),
    ("db.example.test.", "db.example.test"),
    ("db.example.test", "db.example.test."), ("db.example.test", "*.example.test"), ("localhost", "localhost"),
    ("xn--bcher-kva.test", "xn--bcher-kva.test"),
  ])
  func isFor(host: String, pattern: String) {
    #expect(HostName.matches(host, pattern: pattern))
  }

  @Test(arguments: [
    ("db.example.test", "example.test"), ("example.test", "*.example.test"), ("a.db.example.test", "*.example.test"),
    ("db.example.test", "d*.example.test"), ("db.example.test", "db.*.test"), ("example.test", "*.test"),
    ("test", "*"), ("db.example.test", "*"), ("db.example.test", "*.*.test"), (".example.test", "*.example.test"),
    ("db.example.test", ""), ("", ""), ("db..test", "db..test"), ("evil.test", "db.test\0.evil.test"),
  ])
  func isNotFor(host: String, pattern: String) {
    #expect(!HostName.matches(host, pattern: pattern))
  }

  @Test func addresses() {
    for host in ["127.0.0.1", "::1", "fe80::1%eth0", "2001:db8::1"] { #expect(IPAddress.isOne(host), "\(host)") }
    for host in ["localhost", "1.2.3", "db.1", ""] { #expect(!IPAddress.isOne(host), "\(host)") }
    #expect(IPAddress.text([10, 0, 0, 1]) == "10.0.0.1")
    #expect(IPAddress.text([UInt8](repeating: 0, count: 15) + [1]) == "::1")
    #expect(IPAddress.text([1, 2, 3]) == nil)
  }
}
