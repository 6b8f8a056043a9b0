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
  @Option(name: .joined("u"), parsing: .unconditional, help: .value("URI", "A URI, or @NAME of the config file."))
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

  @Flag(name: .customLong("tls"), help: "Encrypt by TLS, 1.2 at least, and verify the server (as with rediss://).")
  var usesTLS = false
  @Option(
    name: .customLong("sni"), parsing: .unconditional,
    help: .value("NAME", "Name that the certificate must bear, where it is not the host's."))
  var serverName: String?
  @Option(
    name: .customLong("cacert"), parsing: .unconditional,
    help: .value("FILE", "Authorities to trust in place of the system's (PEM)."))
  var authorityFile: String?
  @Option(
    name: .customLong("cacertdir"), parsing: .unconditional, help: .value("DIR", "Folder of such files."))
  var authorityFolder: String?
  @Option(
    name: .customLong("cert"), parsing: .unconditional, help: .value("FILE", "Client certificate (PEM)."))
  var certificateFile: String?
  @Option(name: .customLong("key"), parsing: .unconditional, help: .value("FILE", "Its private key (PEM)."))
  var keyFile: String?
  @Flag(
    name: .customLong("insecure"), help: "Believe whoever answers, and send them the password; nothing is written then."
  )
  var isInsecure = false
  @Flag(name: .customLong("insecure-writes"), help: "With --insecure: write all the same.")
  var allowsInsecureWrites = false

  // Known by name, so that it can be refused by name.
  @Flag(name: .customShort("c"), help: .hidden) var cluster = false

  func write(to options: inout LaunchOptions) {
    (options.host, options.port, options.socket, options.uri) = (host, port, socket, uri)
    (options.database, options.user, options.password) = (database, user, password)
    options.asksPassword = asksPassword
    options.protocolVersions = (isRESP2 ? [2] : []) + (isRESP3 ? [3] : [])
    (options.tls.isWanted, options.tls.serverName) = (usesTLS, serverName)
    (options.tls.authorityFile, options.tls.authorityFolder) = (authorityFile, authorityFolder)
    (options.tls.certificateFile, options.tls.keyFile) = (certificateFile, keyFile)
    (options.tls.isInsecure, options.tls.allowsInsecureWrites) = (isInsecure, allowsInsecureWrites)
    options.notYet = cluster ? ["-c"] : []
  }
}

extension NameSpecification {
  /// A letter whose value may follow at once: `-p6379`.
  static func joined(_ letter: Character) -> NameSpecification { .customShort(letter, allowingJoined: true) }
}

extension ArgumentHelp {
  static func value(_ name: String, _ text: String) -> ArgumentHelp { ArgumentHelp("\(text)", valueName: name) }
}
