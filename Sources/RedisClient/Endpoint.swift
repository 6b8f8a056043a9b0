/// A server, the database and the user to be there: what a connection is made to.
package struct Endpoint: Sendable, Equatable {
  package enum Address: Sendable, Hashable {
    case tcp(host: String, port: Int)
    case unix(path: String)
  }

  package enum ProtocolPreference: Sendable, Equatable {
    /// RESP3 where the server has it, else RESP2.
    case automatic
    case resp2
    /// RESP3 or no connection.
    case resp3
  }

  package var address: Address
  /// Nil is the server's user `default`.
  package var username: [UInt8]?
  package var password: [UInt8]?
  package var database: Int
  package var protocolVersion: ProtocolPreference
  /// Nil: nothing is encrypted.
  package var tls: TLSSettings?

  package static let defaultPort = 6379

  package init(
    address: Address = .tcp(host: "127.0.0.1", port: Endpoint.defaultPort), username: [UInt8]? = nil,
    password: [UInt8]? = nil, database: Int = 0, protocolVersion: ProtocolPreference = .automatic
  ) {
    self.address = address
    self.username = username
    self.password = password
    self.database = database
    self.protocolVersion = protocolVersion
  }

  /// `host:port` or the path of the socket: what may be shown anywhere, never a secret.
  package var display: String { address.display }

  /// Whether nothing may be written there, whatever else is said: nobody verifies who answers.
  package var forbidsWrites: Bool {
    tls.map { !$0.verifiesServer && !$0.allowsUnverifiedWrites } ?? false
  }
}

extension Endpoint.Address {
  /// `host:port` (`[host]:port` for IPv6) or the path of the socket, with anything unprintable as `\xhh`.
  package var display: String {
    switch self {
    case .tcp(let host, let port): (host.contains(":") ? "[\(host)]" : Ascii.escaped(host.utf8)) + ":\(port)"
    case .unix(let path): Ascii.escaped(path.utf8)
    }
  }

  /// Whether both lead to the same server, as far as their text tells: names are equal in any case, and so are all ways to
  /// write this machine.
  package func isSamePlace(as other: Endpoint.Address) -> Bool {
    switch (self, other) {
    case (.tcp(let host, let port), .tcp(let otherHost, let otherPort)):
      port == otherPort && Self.plain(host) == Self.plain(otherHost)
    default: self == other
    }
  }

  private static func plain(_ host: String) -> String {
    let host = host.lowercased()
    let isNumber = host.allSatisfy { $0.isASCII && ($0.isNumber || $0 == ".") }
    if isNumber && host.hasPrefix("127.") || ["localhost.", "::1", "0:0:0:0:0:0:0:1"].contains(host) {
      return "localhost"
    }
    return host.hasSuffix(".") ? String(host.dropLast()) : host
  }

  /// Whether it is where a server on this machine listens unless told otherwise.
  var isLocalDefault: Bool {
    guard case .tcp(let host, Endpoint.defaultPort) = self else { return false }
    return host == "127.0.0.1" || host == "localhost" || host == "::1"
  }
}

/// No printed or dumped form of an endpoint shows its secrets.
extension Endpoint: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "\(display)/\(database)" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: ["display": display, "database": database]) }
}
