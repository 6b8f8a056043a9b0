import App
import ArgumentParser

/// Which server, and as whom: the options of redis-cli. As there, an option takes the next argument whatever it is.
struct ServerOptions: ParsableArguments {
  @Option(name: .joined("h"), parsing: .unconditional, help: .value("HOST", "Host (default: 127.0.0.1)."))
  var host: String?
  @Option(name: .joined("p"), parsing: .unconditional, help: .value("PORT", "Port (default: 6379)."))
  var port: String?
  @Option(name: .joined("s"), parsing: .unconditional, help: .value("SOCKET", "Unix socket."))
  var socket: String?
  @Option(name: .joined("u"), parsing: .unconditional, help: .value("URI", "URI of the server."))
  var uri: String?
  @Option(name: .joined("n"), parsing: .unconditional, help: .value("DB", "Database (default: 0)."))
  var database: String?
  @Option(name: .customLong("user"), parsing: .unconditional, help: .value("NAME", "ACL user."))
  var user: String?
  @Option(
    name: [.customShort("a", allowingJoined: true), .customLong("pass")], parsing: .unconditional,
    help: .value("PASSWORD", "Password; better: REDISCLI_AUTH in the environment, or --askpass."))
  var password: String?
  @Flag(name: .customLong("askpass"), help: "Ask for the password without showing it.")
  var asksPassword = false
  @Flag(name: .customShort("2"), help: "Speak RESP2.")
  var isRESP2 = false
  @Flag(name: .customShort("3"), help: "Speak RESP3, or give up (default: RESP3, or RESP2 where there is none).")
  var isRESP3 = false

  // Known by name, so that they can be refused by name.
  @Flag(name: .customLong("tls"), help: .hidden) var tls = false
  @Flag(name: .customLong("insecure"), help: .hidden) var insecure = false
  @Flag(name: .customShort("c"), help: .hidden) var cluster = false
  @Option(name: .customLong("sni"), parsing: .unconditional, help: .hidden) var sni: String?
  @Option(name: .customLong("cacert"), parsing: .unconditional, help: .hidden) var cacert: String?
  @Option(name: .customLong("cacertdir"), parsing: .unconditional, help: .hidden) var cacertdir: String?
  @Option(name: .customLong("cert"), parsing: .unconditional, help: .hidden) var cert: String?
  @Option(name: .customLong("key"), parsing: .unconditional, help: .hidden) var key: String?

  func write(to options: inout LaunchOptions) {
    (options.host, options.port, options.socket, options.uri) = (host, port, socket, uri)
    (options.database, options.user, options.password) = (database, user, password)
    options.asksPassword = asksPassword
    options.protocolVersions = (isRESP2 ? [2] : []) + (isRESP3 ? [3] : [])
    let notYet: [(name: String, isGiven: Bool)] = [
      ("--tls", tls), ("--insecure", insecure), ("--sni", sni != nil), ("--cacert", cacert != nil),
      ("--cacertdir", cacertdir != nil), ("--cert", cert != nil), ("--key", key != nil), ("-c", cluster),
    ]
    options.notYet = notYet.filter(\.isGiven).map(\.name)
  }
}

extension NameSpecification {
  /// A letter whose value may follow at once: `-p6379`.
  static func joined(_ letter: Character) -> NameSpecification { .customShort(letter, allowingJoined: true) }
}

extension ArgumentHelp {
  static func value(_ name: String, _ text: String) -> ArgumentHelp { ArgumentHelp("\(text)", valueName: name) }
}
