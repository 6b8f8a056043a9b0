import Browser
import RedisClient
import Settings
import Testing

@testable import App

@Suite("@NAME: the servers of the config file")
struct ServerBookTests {
  private static let text = """
    servers:
      prod-cache:
        { host: 10.0.0.5, port: 6380, user: clerk, db: 3, env: prod, read-only: true, separator: /, pattern: "u*",
          password-command: [~/bin/pw, ~/x, redis], tls: { cacert: ~/ca.crt, sni: cache } }
      local: { socket: ~/r.sock, password-file: ~/pw }
      away: { uri: "redis://me@h:1/2" }
      uri: { uri: "redis://h:7/2", read-only: false }
      bad: { host: a, prot: 1 }
      leaky: { uri: "redis://:hunter2@h" }
      far: { uri: "redis://h:99999" }
      half: { uri: "redis://h%4" }
      six: { uri: "redis://[::1" }

    """

  private func book(_ text: String = Self.text) -> ServerBook {
    let decoded = ConfigFile.decode(Array(text.utf8), file: "c.yaml", checkURI: ServerBook.mistake)
    return ServerBook(profiles: decoded.preferences.profiles, complaints: decoded.complaints, file: "c.yaml")
  }

  private func invocation(
    _ change: (inout LaunchOptions) -> Void, environmentPassword: String? = nil, text: String = Self.text
  ) throws -> Invocation {
    var options = LaunchOptions()
    change(&options)
    return try Invocation(options, environmentPassword: environmentPassword, home: "/home/me") { book(text) }
  }

  private func error(_ words: String..., text: String = Self.text) throws -> String {
    try #require(throws: ErrorLine.self) { try invocation({ $0.words = words }, text: text) }.description
  }

  @Test func word() throws {
    let made = try invocation { $0.words = ["@prod-cache"] }
    var endpoint = Endpoint(
      address: .tcp(host: "10.0.0.5", port: 6380), username: Array("clerk".utf8), database: 3)
    var tls = TLSSettings()
    (tls.authorityFile, tls.serverName) = ("/home/me/ca.crt", "cache")
    endpoint.tls = tls
    #expect(made.command == .browse && made.server.endpoint == endpoint)
    #expect(made.server.passwordSource == .command(["/home/me/bin/pw", "/home/me/x", "redis"]))
    #expect(made.server.profile?.stage == .prod && made.server.profile?.name == "prod-cache")
    #expect(made.options.isReadOnly && made.options.pattern == "u*" && made.separator == [0x2f])
    let local = try invocation { $0.words = ["@local"] }
    #expect(local.server.endpoint == Endpoint(address: .unix(path: "/home/me/r.sock")))
    #expect(local.server.passwordSource == .file("/home/me/pw"))
    #expect(!local.options.isReadOnly && local.separator == nil)
  }

  @Test("ls and exec take it behind -u; the filter of the list is not theirs")
  func option() throws {
    let list = try invocation {
      $0.words = ["ls"]
      $0.uri = "@prod-cache"
    }
    #expect(list.command == .list(pattern: nil, format: .names) && list.server.endpoint.database == 3)
    let execution = try invocation {
      $0.words = ["exec", "PING"]
      $0.uri = "@prod-cache"
    }
    #expect(execution.options.isReadOnly)
  }

  @Test("options of the command line go over the profile's")
  func overrides() throws {
    let made = try invocation(
      {
        $0.words = ["@prod-cache"]
        $0.database = "7"
        $0.user = "me"
        $0.password = "typed"
        $0.separator = "::"
        $0.pattern = "x*"
      }, environmentPassword: "e")
    #expect(made.server.endpoint.database == 7 && made.server.endpoint.username == Array("me".utf8))
    #expect(made.server.endpoint.password == Array("typed".utf8) && made.server.passwordSource == .given)
    #expect(made.server.passwordPlace == .option)
    #expect(made.options.pattern == "x*" && made.separator == Array("::".utf8))
    let asked = try invocation {
      $0.words = ["@prod-cache"]
      $0.asksPassword = true
    }
    #expect(asked.server.passwordSource == .prompt)
  }

  @Test("the profile's own source goes over REDISCLI_AUTH, which counts where there is none")
  func environment() throws {
    let own = try invocation({ $0.words = ["@local"] }, environmentPassword: "e").server
    #expect(own.endpoint.password == nil && own.passwordSource == .file("/home/me/pw"))
    let none = try invocation({ $0.words = ["@uri"] }, environmentPassword: "e").server
    #expect(none.endpoint.password == Array("e".utf8) && none.passwordSource == .given)
    #expect(try invocation { $0.words = ["@uri"] }.server.passwordSource == PasswordSource.none)
  }

  @Test("a profile alone makes the same choice")
  func alone() throws {
    let profile = try book().profile(named: "uri")
    let choice = try ServerChoice(profile: profile, environmentPassword: "e")
    #expect(choice.endpoint.address == .tcp(host: "h", port: 7) && choice.endpoint.database == 2)
    #expect(choice.endpoint.password == Array("e".utf8) && choice.profile == profile)
  }

  private static let names = "@prod-cache, @local, @away, @uri, @bad, @leaky, @far, @half, @six"

  @Test func unknownNames() throws {
    #expect(
      try error("@prod-cahe")
        == "keyglass: @prod-cahe: no server of this name in c.yaml. Did you mean @prod-cache? There are \(Self.names).")
    #expect(try error("@x") == "keyglass: @x: no server of this name in c.yaml. There are \(Self.names).")
    #expect(
      try error("@x", text: "plain: true")
        == "keyglass: @x: no server of this name in c.yaml. "
        + "Write it there: 'servers: { NAME: { host: HOST, port: PORT } }'.")
    #expect(
      try error("@x", text: "a: [")
        == "keyglass: @x: c.yaml:2:1: not YAML: did not find expected node content. Mend it there, then try again.")
    let homeless = try #require(throws: ErrorLine.self) { try ServerBook().profile(named: "x") }
    #expect(
      homeless.description == "keyglass: @x: there is no config file, as HOME is not set. Name one with --config.")
    #expect(homeless.status == .usage)
  }

  @Test(
    "what is broken is told with its place, and nothing is connected to",
    arguments: [
      ("bad", "8:19: unknown key 'prot'; did you mean 'port'?"),
      ("leaky", "9:17: a password in the URI; expected none, but password-command or password-file beside it."),
      ("far", "10:15: not the address of a server: the port is no number from 1 to 65535. Write HOST:PORT"),
      ("half", "11:16: not the address of a server: a % is not followed by two hexadecimal digits. Write a % itself"),
      ("six", "12:15: not the address of a server: the host is missing or malformed. Write HOST:PORT"),
      ("away", "6:16: a password in the URI;"),
    ])
  func broken(name: String, complaint: String) throws {
    let line = try error("@\(name)")
    #expect(
      line.hasPrefix("keyglass: @\(name): c.yaml:\(complaint)") && line.hasSuffix("Mend it there, then try again."))
    #expect(!line.contains("hunter2"))
  }

  @Test func twoServers() throws {
    let error = try #require(throws: ErrorLine.self) {
      try invocation {
        $0.words = ["@uri"]
        $0.host = "h"
      }
    }
    #expect(error.text == "-h: the word after the options names a server as well. Leave out one of the two.")
  }
}
