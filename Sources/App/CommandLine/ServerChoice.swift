package import RedisClient
package import Settings

/// Which server the command line names, checked but not yet connected.
package struct ServerChoice: Sendable, Equatable {
  package var endpoint: Endpoint
  /// The profile that was named as `@NAME`, as it stands in the config file; options go over it.
  package let profile: Profile?
  /// The service of the Compose project that was named as `@compose/SERVICE`.
  package private(set) var composeService: String?
  /// Where the password comes from, as far as it does not stand in the endpoint already.
  package let passwordSource: PasswordSource
  /// Nobody is there to be asked for a password.
  package let isScripted: Bool
  /// Where on the command line a password stands: anyone who lists processes could have read it.
  package enum PasswordPlace: Sendable {
    /// `-a`, `--pass` or `-u`.
    case option
    /// The URI after the options.
    case word
  }

  /// Nil where no password was typed.
  package let passwordPlace: PasswordPlace?
  /// The first option that names a server or a user, as typed.
  package let firstNamedOption: String?

  /// The usual server, where nothing is connected to.
  package init() {
    endpoint = Endpoint()
    (profile, passwordSource, passwordPlace, firstNamedOption, isScripted) = (nil, .none, nil, nil, false)
  }

  /// The server of a profile, as `@NAME` alone would choose it.
  package init(profile: Profile, environmentPassword: String? = nil, home: String? = nil) throws(ErrorLine) {
    try self.init(LaunchOptions(), word: "@\(profile.name)", environmentPassword: environmentPassword, home: home) {
      ServerBook(profiles: [profile])
    }
  }

  /// - Parameters:
  ///   - word: a server named by the word after the options.
  ///   - environmentPassword: REDISCLI_AUTH; as in redis-cli it counts where no password was given otherwise.
  ///   - home: what `~` stands for in a profile.
  ///   - book: the servers of the config file.
  ///   - compose: the services of the Compose project.
  package init(
    _ options: LaunchOptions, word: String?, environmentPassword: String?, home: String? = nil,
    book: () -> ServerBook = { ServerBook() }, compose: ComposeLookup = noCompose
  ) throws(ErrorLine) {
    let named: [(option: String, isGiven: Bool)] = [
      ("-u", options.uri != nil), ("-s", options.socket != nil), ("-h", options.host != nil),
      ("-p", options.port != nil),
    ]
    let given = named.filter(\.isGiven).map(\.option)
    // Host and port go together; anything else names the whole of a server.
    let names = (word == nil ? [] : ["the word after the options"]) + given
    if let second = names.dropFirst().first, names != ["-h", "-p"] {
      throw ErrorLine(second, "\(names[0]) names a server as well", nextStep: "Leave out one of the two.")
    }
    let name = Self.profileName(word ?? options.uri)
    let service = Self.composeService(in: name)
    let profile = try (service == nil ? name : nil).map { name throws(ErrorLine) in try book().profile(named: name) }
    var endpoint: Endpoint
    if let service {
      endpoint = try compose(service)
    } else {
      endpoint = try Self.endpoint(options, word: word, profile: profile, home: home)
    }
    let isToldByFile = service != nil && endpoint.password != nil
    composeService = service
    if let text = options.database {
      guard let number = Int(text), number >= 0 else {
        throw ErrorLine("-n \(text)", "a database is a number from 0", nextStep: "Use -n 0 for the first one.")
      }
      endpoint.database = number
    }
    switch options.protocolVersions {
    case []: break
    case [2]: endpoint.protocolVersion = .resp2
    case [3]: endpoint.protocolVersion = .resp3
    default: throw ErrorLine("-2 -3", "they exclude each other", nextStep: "Leave out one of the two.")
    }
    endpoint.tls = try options.tls.settings(for: endpoint)
    if let user = options.user { endpoint.username = Array(user.utf8) }
    passwordPlace =
      if options.password != nil {
        .option
      } else if endpoint.password != nil, !isToldByFile {
        word == nil ? .option : .word
      } else {
        nil
      }
    let isTyped = options.password != nil || endpoint.password != nil
    let ownSource = profile?.passwordSource(home: home)
    if let password = options.password ?? (isTyped || ownSource != nil ? nil : environmentPassword) {
      endpoint.password = Array(password.utf8)
    }
    self.endpoint = endpoint
    self.profile = profile
    isScripted = options.script != nil
    passwordSource =
      options.asksPassword
      ? .prompt : isTyped ? .given : ownSource ?? (endpoint.password == nil ? .none : .given)
    let login: [(option: String, isGiven: Bool)] = [
      ("--user", options.user != nil), ("-a", options.password != nil), ("--askpass", options.asksPassword),
    ]
    firstNamedOption = (given + login.filter(\.isGiven).map(\.option) + options.tls.given).first
  }

  /// Whether a word can only mean a server: a URI, a host with a port, the path of a socket, or a profile.
  static func looksLikeServer(_ word: String) -> Bool {
    word.contains(":") || word.hasPrefix("/") || word.hasPrefix("@")
  }

  /// What stands behind the `@` that a profile's name begins with; nil: it is no profile.
  private static func profileName(_ text: String?) -> String? {
    guard let text, text.hasPrefix("@"), !text.contains("://") else { return nil }
    return String(text.dropFirst())
  }

  /// Tells where a service of the Compose project is, and its password as far as the files have it.
  package typealias ComposeLookup = (_ service: String) throws(ErrorLine) -> Endpoint

  /// Where there is no project to look in.
  package static func noCompose(_ service: String) throws(ErrorLine) -> Endpoint {
    throw ErrorLine(
      "@compose/\(service)", "there is no Compose project here", nextStep: "Name a server as HOST:PORT instead.")
  }

  /// What stands behind `compose/`, which is part of no profile's name.
  private static func composeService(in name: String?) -> String? {
    guard let name, name.hasPrefix("compose/") else { return nil }
    return String(name.dropFirst("compose/".count))
  }

  private static func endpoint(
    _ options: LaunchOptions, word: String?, profile: Profile?, home: String?
  ) throws(ErrorLine) -> Endpoint {
    if let profile {
      do throws(EndpointError) {
        return try profile.endpoint(home: home)
      } catch {
        throw ErrorLine(text: "@\(profile.name): \(error.message)", status: .usage)
      }
    }
    if let word { return try parse(word, named: "server") }
    if let uri = options.uri {
      guard uri.contains("://") else {
        throw ErrorLine("-u", "this is not a URI", nextStep: "Write it as redis://HOST:PORT/DB, or @NAME.")
      }
      return try parse(uri, named: "-u")
    }
    if let socket = options.socket {
      guard !socket.isEmpty else { throw ErrorLine("-s", "the path is empty", nextStep: "Name a Unix socket.") }
      return Endpoint(address: .unix(path: socket))
    }
    let host = options.host ?? "127.0.0.1"
    guard !host.isEmpty else { throw ErrorLine("-h", "the host is empty", nextStep: "Name a host or its address.") }
    return Endpoint(address: .tcp(host: host, port: try port(options.port)))
  }

  /// A mistake is told without repeating the text: there may be a password in it.
  private static func parse(_ text: String, named what: String) throws(ErrorLine) -> Endpoint {
    guard !hasSecondAt(text) else {
      throw ErrorLine(
        "\(what): not the address of a server", "there is a second @ before the host",
        nextStep: "Write an @ in a password as %40.")
    }
    do throws(EndpointError) {
      return try Endpoint.parse(uri: text)
    } catch {
      throw ErrorLine(text: "\(what): \(error.message)", status: .usage)
    }
  }

  /// Whether what stands before the path has more than one `@`: redis-cli ends the password at the first, others at the
  /// last, so a password could be sent to the wrong host.
  private static func hasSecondAt(_ text: String) -> Bool {
    guard let scheme = text.firstRange(of: "://") else { return false }
    let authority = text[scheme.upperBound...].prefix { $0 != "/" && $0 != "?" }
    return authority.count { $0 == "@" } > 1
  }

  private static func port(_ text: String?) throws(ErrorLine) -> Int {
    guard let text else { return Endpoint.defaultPort }
    guard text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(text), (1...65535).contains(number)
    else {
      throw ErrorLine(
        "-p \(text)", "a port is a number from 1 to 65535", nextStep: "Redis listens on 6379 unless told otherwise.")
    }
    return number
  }
}
