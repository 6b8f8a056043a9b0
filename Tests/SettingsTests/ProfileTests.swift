import Browser
import Glibc
import Testing
import YAML

@testable import Settings

@Suite("servers: of the config file") struct ProfileTests {
  private func decode(_ text: String) -> (profiles: [Profile], complaints: [String]) {
    let result = ConfigFile.decode(Array(text.utf8), file: "c.yaml") { uri in
      uri.contains("secret") ? "a password in the URI" : nil
    }
    return (result.preferences.profiles, result.complaints.map(\.description))
  }

  @Test func readsEverything() throws {
    let (profiles, complaints) = decode(
      """
      servers:
        prod-cache:
          host: 10.0.0.5
          port: 6380
          user: clerk
          db: 3
          env: prod
          read-only: yes
          separator: "/"
          pattern: "user:*"
          password-command: [pass, show, "redis/prod cache"]
          tls: { sni: cache, cacert: ~/ca.crt, cacertdir: /etc/ca, cert: ~/me.crt, key: ~/me.key, insecure: false }
        local: { socket: ~/redis.sock, password-file: ~/.redis-password, tls: false }
        away: { uri: "redis://cache.example.com:6379/2", env: staging, tls: true }
        six: { host: "fe80::1%eth0" }
        brackets: { host: "[::1]", tls: { insecure: on } }
        nächste.1_b: { port: 7000, env: dev }
      """)
    #expect(complaints == [])
    #expect(profiles.map(\.name) == ["prod-cache", "local", "away", "six", "brackets", "nächste.1_b"])
    let first = try #require(profiles.first)
    #expect((first.host, first.port, first.user, first.database) == ("10.0.0.5", 6380, "clerk", 3))
    #expect(first.stage == .prod && first.isReadOnly && first.separator == [0x2f] && first.pattern == "user:*")
    #expect(first.passwordCommand == ["pass", "show", "redis/prod cache"])
    var tls = ProfileTLS()
    (tls.serverName, tls.authorityFile, tls.authorityFolder) = ("cache", "~/ca.crt", "/etc/ca")
    (tls.certificateFile, tls.keyFile) = ("~/me.crt", "~/me.key")
    #expect(first.tls == tls)
    #expect(profiles[1].socket == "~/redis.sock" && profiles[1].passwordFile == "~/.redis-password")
    #expect(profiles[1].tls == nil && profiles[2].tls == ProfileTLS())
    #expect(profiles[2].uri == "redis://cache.example.com:6379/2" && profiles[2].stage == .staging)
    #expect(profiles[3].host == "fe80::1%eth0" && profiles[4].host == "::1")
    #expect(profiles[4].tls?.verifiesServer == false && profiles[5].stage == .dev)
  }

  private static let keys =
    "expected uri, host, port, socket, user, db, env, read-only, separator, pattern, password-command, "
    + "password-file, tls"
  private static let host = "expected a host name or address, without a port"
  private static let port = "expected a port from 1 to 65535"
  private static let path = "expected a path that begins with / or ~/"
  private static let list = "expected a list of words, such as [pass, show, redis/prod]; no shell reads it"
  private static let uri = "expected one such as redis://cache.example.com:6379/0"
  private static let secret = "no password is read from this file; expected password-command or password-file"

  /// What stands behind `x: `, and the complaint about it, its place in that line first.
  static let wrong: [(text: String, complaint: String)] = [
    ("{ host: a, prot: 1 }", "17: unknown key 'prot'; did you mean 'port'?; \(keys)"),
    ("{ host: a, colour: red }", "17: unknown key 'colour'; \(keys)"),
    ("{ host: a, port: 0 }", "23: '0'; \(port)"), ("{ host: a, port: 65536 }", "23: '65536'; \(port)"),
    ("{ host: a, port: +1 }", "23: '+1'; \(port)"), ("{ host: a, port: 6379/tcp }", "23: '6379/tcp'; \(port)"),
    ("{ host: a, port: }", "23: nothing; \(port)"),
    ("{ host: a, db: -1 }", "21: '-1'; expected the number of a database, from 0"),
    ("{ host: 'a:1' }", "14: 'a:1'; \(host)"), ("{ host: 'redis://a' }", "14: 'redis://a'; \(host)"),
    ("{ host: '[::1' }", "14: '[::1'; \(host)"), ("{ host: '[::1]:7' }", "14: '[::1]:7'; \(host)"),
    ("{ host: '[a]' }", "14: '[a]'; \(host)"), ("{ host: 'a b' }", "14: 'a b'; \(host)"),
    ("{ host: 'a%41' }", "14: 'a%41'; \(host)"), ("{ host: '' }", "14: ''; \(host)"),
    ("{ host: [a] }", "14: a list; \(host)"), ("{ socket: r.sock }", "16: 'r.sock'; \(path)"),
    ("{ host: a, user: '' }", "23: ''; expected the name of an ACL user"),
    ("{ host: a, env: production }", "22: 'production'; expected prod, staging or dev"),
    ("{ host: a, read-only: maybe }", "28: 'maybe'; expected true or false"),
    ("{ host: a, separator: [x] }", "28: a list; expected the text between folders, such as \":\""),
    ("{ host: a, password: hunter2 }", "17: 'password': \(secret)"),
    ("{ host: a, password-command: 'echo hunter2' }", "35: a text; write it as a list: \(list)"),
    ("{ host: a, password-command: [] }", "35: no program; \(list)"),
    ("{ host: a, password-command: [echo, [hunter2]] }", "42: no word; \(list)"),
    ("{ host: a, password-command: { a: b } }", "35: a mapping; \(list)"),
    ("{ host: a, password-file: pw }", "32: 'pw'; \(path)"),
    (
      "{ host: a, password-command: [a], password-file: /b }",
      "40: 'password-file' beside 'password-command'; expected one of the two"
    ),
    ("{ uri: 'redis://:secret@a' }", "13: a password in the URI"),
    ("{ uri: 'a:secret' }", "13: no URI; \(uri)"),
    ("{ uri: [a] }", "13: a list; expected a URI such as \(uri.dropFirst(21))"),
    ("{ uri: 'redis://a', db: 2 }", "26: 'db' beside 'uri', which says it too; expected one of the two"),
    ("{ socket: /s, port: 2 }", "20: 'port' beside 'socket'; expected one of the two"),
    ("{ host: a, tls: 1.2 }", "22: '1.2'; expected true, false, or a mapping such as { cacert: /etc/redis/ca.crt }"),
    (
      "{ host: a, tls: { cacrt: /x } }",
      "24: unknown key 'cacrt'; did you mean 'cacert'?; expected sni, cacert, cacertdir, cert, key, insecure"
    ),
    ("{ host: a, tls: { cert: me.crt } }", "30: 'me.crt'; \(path)"),
    ("{ host: a, host: b }", "17: 'host' stands here a second time"),
    ("{ env: dev }", "3: 'x' is no place; expected uri, host, port or socket in it"),
    ("redis://a", "6: 'redis://a'; expected a mapping such as { host: cache.example.com, port: 6379 }"),
  ]

  @Test("each mistake is told with its place, its server cannot be used, and the others can", arguments: wrong)
  func complains(text: String, complaint: String) throws {
    let (profiles, complaints) = decode("servers:\n  a: { host: a }\n  x: \(text)\n  z: { host: z }\n")
    #expect(complaints == ["c.yaml:3:\(complaint)"])
    #expect(profiles.map(\.name) == ["a", "x", "z"])
    #expect(profiles[1].complaint?.description == complaints.first)
    #expect(profiles[0].complaint == nil && profiles[2].complaint == nil && profiles[2].host == "z")
    // What may be a password is not repeated.
    for secret in ["hunter2", "secret"] { #expect(!complaints.joined().contains(secret)) }
  }

  @Test("of two of one name neither is taken, and the others are")
  func twoOfOneName() {
    let (profiles, complaints) = decode("servers:\n  a: { host: a }\n  b: { host: b }\n  a: { host: c }\n")
    let line = "c.yaml:4:3: 'a' stands here a second time; expected one server of each name"
    #expect(complaints == [line])
    #expect(profiles.map(\.name) == ["a", "b"])
    #expect(profiles[0].complaint?.description == line && profiles[1].complaint == nil)
  }

  @Test(arguments: ["a b", "@x", "x:1", "a/b", "\\x1b"])
  func badNames(name: String) {
    let (profiles, complaints) = decode("servers:\n  \"\(name)\": { host: a }\n  ok: { host: b }\n")
    #expect(complaints.count == 1 && complaints[0].contains("expected a name of letters, digits, '-', '_' and '.'"))
    #expect(profiles.map { $0.complaint == nil } == [false, true])
  }

  @Test func noServers() {
    #expect(decode("servers:\n").complaints.first?.contains("nothing; expected servers such as") == true)
    #expect(decode("servers: {}\n").complaints == [])
  }

  @Test("a second key of one name costs that key, and not the file")
  func repeatedKeys() {
    let result = ConfigFile.decode(Array("theme: a\ntheme: b\nplain: true\n".utf8), file: "c")
    #expect(result.complaints.map(\.description) == ["c:2:1: 'theme' stands here a second time"])
    #expect(result.preferences.theme == "a" && result.preferences.isPlain)
  }

  @Test("whoever may write the file decides what runs: told where a password-command is in it")
  func writableByOthers() throws {
    let folder = try TemporaryFolder()
    let path = try folder.write("config.yaml", "servers: { a: { host: a, password-command: [true] } }\n")
    func complaints(_ mode: UInt32, folder folderMode: UInt32 = 0o700) -> [String] {
      chmod(path, mode)
      chmod(folder.path, folderMode)
      return ConfigFile.load(path: path, isRequired: true).complaints.map(\.description)
    }
    let words = "others may write here, and password-command names programs to run; expected 'chmod go-w'"
    #expect(complaints(0o600) == [] && complaints(0o644) == [])
    #expect(complaints(0o620) == ["\(path): \(words)"])
    #expect(complaints(0o602, folder: 0o770) == ["\(path): \(words)", "\(folder.path): \(words)"])
    #expect(complaints(0o600, folder: 0o1777) == [])
    _ = try folder.write("config.yaml", "servers: { a: { host: a } }\n")
    #expect(complaints(0o666) == [])
  }
}
