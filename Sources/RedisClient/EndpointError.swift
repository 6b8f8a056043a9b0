/// Why a text names no server. No part of the text is repeated but its scheme: a password with a bare `/` or `?` in it
/// makes any other part hold a secret.
package enum EndpointError: Error, Sendable, Equatable {
  case unknownScheme(String)
  case badPort
  case badDatabase
  case badHost
  case badPercentEncoding
  case missingPath
  case unknownParameter

  /// `WHAT: WHY. NEXT STEP.`
  package var message: String { "not the address of a server: \(why). \(nextStep)." }

  private var why: String {
    switch self {
    case .unknownScheme(let scheme): "unknown scheme \(scheme)://"
    case .badPort: "the port is no number from 1 to 65535"
    case .badDatabase: "the database is no number from 0"
    case .badHost: "the host is missing or malformed"
    case .badPercentEncoding: "a % is not followed by two hexadecimal digits"
    case .missingPath: "the path of the socket is missing"
    case .unknownParameter: "a parameter is not one of db=N, protocol=2 and protocol=3"
    }
  }

  private var nextStep: String {
    switch self {
    case .unknownScheme: "Use redis://, rediss://, valkey://, valkeys:// or unix://"
    case .badPort, .badDatabase, .badHost: "Write HOST:PORT, [IPV6]:PORT or redis://USER:PASSWORD@HOST:PORT/DB"
    case .badPercentEncoding: "Write a % itself as %25"
    case .missingPath: "Write unix:///PATH?db=N"
    case .unknownParameter: "Write / and ? inside a password as %2F and %3F"
    }
  }
}
