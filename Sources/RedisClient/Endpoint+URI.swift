/// Endpoints as people write them.
extension Endpoint {
  /// Reads `redis://`, `valkey://` and `unix://` URIs, `rediss://` and `valkeys://` for TLS, `HOST`, `HOST:PORT`, `[IPV6]:PORT` and `/PATH` of a socket.
  ///
  /// `redis://[[USER:]PASSWORD@]HOST[:PORT][/DB][?db=N&protocol=2|3]`; as in redis-cli, what stands alone before `@`
  /// is the password. Percent-encoding is decoded everywhere but in the port and the database.
  package static func parse(uri text: String) throws(EndpointError) -> Endpoint {
    guard let separator = text.firstRange(of: "://") else { return try parse(bare: text[...]) }
    let scheme = text[..<separator.lowerBound].lowercased()
    let rest = text[separator.upperBound...]
    switch scheme {
    case "redis", "valkey": return try parse(network: rest)
    case "rediss", "valkeys":
      var endpoint = try parse(network: rest)
      endpoint.tls = TLSSettings()
      return endpoint
    case "unix": return try parse(unix: rest)
    default:
      guard scheme.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "+") }) else { throw .badHost }
      throw .unknownScheme(scheme)
    }
  }

  private static func parse(bare text: Substring) throws(EndpointError) -> Endpoint {
    if text.hasPrefix("/") { return Endpoint(address: .unix(path: String(text))) }
    guard !text.contains(where: { "@/?#".contains($0) }) else { throw .badHost }
    return Endpoint(address: try address(text))
  }

  private static func parse(network text: Substring) throws(EndpointError) -> Endpoint {
    let (beforeQuery, query) = cut(text, at: "?")
    let (authority, path) = cut(beforeQuery, at: "/")
    var endpoint = Endpoint()
    let hostAndPort = try endpoint.takeUser(authority)
    if !hostAndPort.isEmpty { endpoint.address = try address(hostAndPort) }
    if let path, !path.isEmpty { endpoint.database = try database(path) }
    try endpoint.apply(query: query)
    return endpoint
  }

  private static func parse(unix text: Substring) throws(EndpointError) -> Endpoint {
    let (beforeQuery, query) = cut(text, at: "?")
    guard let slash = beforeQuery.firstIndex(of: "/") else { throw .missingPath }
    var endpoint = Endpoint()
    // `unix://PATH` without a user has nothing before its first slash.
    guard try endpoint.takeUser(beforeQuery[..<slash]).isEmpty else { throw .missingPath }
    let path = String(decoding: try decode(beforeQuery[slash...]), as: UTF8.self)
    guard path != "/", !path.utf8.contains(0) else { throw .missingPath }
    endpoint.address = .unix(path: path)
    try endpoint.apply(query: query)
    return endpoint
  }

  /// Takes `USER:PASSWORD@` off the front and returns what follows. The last `@` counts: on the
  /// command line a second one is refused before.
  private mutating func takeUser(_ authority: Substring) throws(EndpointError) -> Substring {
    guard let at = authority.lastIndex(of: "@") else { return authority }
    let (first, second) = Self.cut(authority[..<at], at: ":")
    if let second {
      let name = try Self.decode(first)
      username = name.isEmpty ? nil : name
      password = try Self.decode(second)
    } else if !first.isEmpty {
      password = try Self.decode(first)
    }
    return authority[authority.index(after: at)...]
  }

  private mutating func apply(query: Substring?) throws(EndpointError) {
    for parameter in (query ?? "").split(separator: "&") {
      let (name, value) = Self.cut(parameter, at: "=")
      switch (name, value) {
      case ("db", let value?): database = try Self.database(value)
      case ("protocol", "2"): protocolVersion = .resp2
      case ("protocol", "3"): protocolVersion = .resp3
      default: throw .unknownParameter
      }
    }
  }

  private static func address(_ text: Substring) throws(EndpointError) -> Address {
    if text.hasPrefix("[") {
      guard let end = text.firstIndex(of: "]") else { throw .badHost }
      let host = text[text.index(after: text.startIndex)..<end]
      let rest = text[text.index(after: end)...]
      guard host.contains(":"), rest.isEmpty || rest.hasPrefix(":") else { throw .badHost }
      return .tcp(host: try self.host(host), port: rest.isEmpty ? defaultPort : try port(rest.dropFirst()))
    }
    let colons = text.count { $0 == ":" }
    // More than one colon without brackets can only be a bare IPv6 address.
    guard colons == 1 else { return .tcp(host: try host(text), port: defaultPort) }
    let (host, port) = cut(text, at: ":")
    let name = host.isEmpty ? "127.0.0.1" : try self.host(host)
    return .tcp(host: name, port: try self.port(port ?? ""))
  }

  private static func host(_ text: Substring) throws(EndpointError) -> String {
    let bytes = try decode(text)
    guard !bytes.isEmpty, bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else { throw .badHost }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func port(_ text: Substring) throws(EndpointError) -> Int {
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let port = Int(text), (1...65535).contains(port)
    else { throw .badPort }
    return port
  }

  private static func database(_ text: Substring) throws(EndpointError) -> Int {
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text)
    else { throw .badDatabase }
    return number
  }

  private static func cut(_ text: Substring, at mark: Character) -> (Substring, Substring?) {
    guard let position = text.firstIndex(of: mark) else { return (text, nil) }
    return (text[..<position], text[text.index(after: position)...])
  }

  private static func decode(_ text: Substring) throws(EndpointError) -> [UInt8] {
    var decoded: [UInt8] = []
    var rest = text.utf8[...]
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "%") else {
        decoded.append(byte)
        continue
      }
      guard let high = rest.popFirst().flatMap(hexDigit), let low = rest.popFirst().flatMap(hexDigit)
      else { throw .badPercentEncoding }
      decoded.append(high << 4 | low)
    }
    return decoded
  }

  private static func hexDigit(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }
}
