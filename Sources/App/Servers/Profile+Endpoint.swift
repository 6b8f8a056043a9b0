import RedisClient
import Settings

extension Profile {
  /// Where it leads, and as whom. A password is never in it.
  ///
  /// - Parameter home: what `~` stands for at the beginning of a path; nil: it stays.
  /// - Throws: the URI is none: then ``ServerBook/mistake(inURI:)`` has told so.
  func endpoint(home: String?) throws(EndpointError) -> Endpoint {
    var endpoint = Endpoint()
    if let uri {
      endpoint = try Endpoint.parse(uri: uri)
    } else if let socket {
      endpoint.address = .unix(path: Self.path(socket, home: home))
    } else {
      endpoint.address = .tcp(host: host ?? "127.0.0.1", port: port ?? Endpoint.defaultPort)
    }
    if let user { endpoint.username = Array(user.utf8) }
    if let database { endpoint.database = database }
    if let tls { endpoint.tls = tls.settings(home: home) }
    return endpoint
  }

  /// Its address is what was written; a mistake may have cost it.
  var hasAddress: Bool { complaint == nil || uri != nil || host != nil || socket != nil }

  /// Where its password comes from; nil: it does not say.
  func passwordSource(home: String?) -> PasswordSource? {
    if let passwordCommand { return .command(passwordCommand.map { Self.path($0, home: home) }) }
    if let passwordFile { return .file(Self.path(passwordFile, home: home)) }
    return nil
  }

  /// The path with the home in place of `~`.
  static func path(_ path: String, home: String?) -> String {
    guard let home, path.hasPrefix("~/") else { return path }
    return home + path.dropFirst()
  }
}

extension ProfileTLS {
  func settings(home: String?) -> TLSSettings {
    func path(_ path: String?) -> String? { path.map { Profile.path($0, home: home) } }
    var settings = TLSSettings()
    settings.serverName = serverName
    settings.authorityFile = path(authorityFile)
    settings.authorityFolder = path(authorityFolder)
    settings.certificateFile = path(certificateFile)
    settings.keyFile = path(keyFile)
    settings.verifiesServer = verifiesServer
    return settings
  }
}
