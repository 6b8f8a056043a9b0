import Keyspace
import RedisClient
import Store
import Testing

@testable import App

@Suite("What the command line means")
struct InvocationTests {
  private func options(_ change: (inout LaunchOptions) -> Void) -> LaunchOptions {
    var options = LaunchOptions()
    change(&options)
    return options
  }

  @Test("without a word: browse the server that redis-cli would take")
  func defaults() throws {
    let invocation = try Invocation(LaunchOptions())
    #expect(invocation.command == .browse)
    #expect(invocation.server.endpoint == Endpoint())
    #expect(invocation.server.passwordPlace == nil)
  }

  @Test(arguments: [
    ("localhost:7000", Endpoint.Address.tcp(host: "localhost", port: 7000)),
    (":7000", .tcp(host: "127.0.0.1", port: 7000)),
    ("[::1]:7000", .tcp(host: "::1", port: 7000)),
    ("redis://h:1/2", .tcp(host: "h", port: 1)),
    ("valkey://h", .tcp(host: "h", port: 6379)),
    ("unix:///run/r.sock", .unix(path: "/run/r.sock")),
    ("/run/r.sock", .unix(path: "/run/r.sock")),
  ])
  func word(word: String, address: Endpoint.Address) throws {
    let invocation = try Invocation(options { $0.words = [word] })
    #expect(invocation.command == .browse)
    #expect(invocation.server.endpoint.address == address)
  }

  @Test func words() throws {
    #expect(try Invocation(options { $0.words = ["demo"] }).command == .demo(isStill: false))
    #expect(
      try Invocation(
        options {
          $0.words = ["demo"]
          $0.isStill = true
        }
      ).command == .demo(isStill: true))
    #expect(try Invocation(options { $0.words = ["ls"] }).command == .list(pattern: nil, format: .names))
    #expect(
      try Invocation(
        options {
          $0.words = ["ls", "a*"]
          $0.isJSON = true
        }
      ).command == .list(pattern: "a*", format: .json))
    #expect(
      try Invocation(
        options {
          $0.words = ["ls"]
          $0.pattern = "b*"
        }
      ).command == .list(pattern: "b*", format: .names))
  }

  @Test("acl, with a level and a version")
  func access() throws {
    func access(_ words: String...) throws -> Invocation.Command {
      try Invocation(options { $0.words = ["acl"] + words }).command
    }
    #expect(try access() == .printAccess(AccessText()))
    #expect(try access("browse") == .printAccess(AccessText(level: .browse)))
    #expect(try access("edit", "7.0") == .printAccess(AccessText(level: .edit, age: .redis7_0)))
    for words in [["all"], ["edit", "x"], ["edit", "7.0", "7.2"]] {
      #expect(throws: ErrorLine.self) { try Invocation(options { $0.words = ["acl"] + words }) }
    }
    #expect(throws: ErrorLine.self) {
      try Invocation(
        options {
          $0.words = ["acl"]
          $0.host = "h"
        })
    }
    #expect(throws: ErrorLine.self) {
      try Invocation(
        options {
          $0.words = ["acl"]
          $0.isJSON = true
        })
    }
  }

  @Test(arguments: [
    ("6.2", ServerAge.redis6_2), ("6.2.14", .redis6_2), ("7", .redis7_0), ("7.0.15", .redis7_0), ("7.2", .redis7_2),
    ("redis-7.4", .redis7_4), ("8.0", .redis7_4), ("Redis8.2", .redis7_4), ("8.1", .redis7_2),
    ("valkey-7.2", .redis7_2),
    ("valkey-8.1.8", .redis7_2), ("valkey-9", .redis7_4), ("9.1", .redis7_4), ("6.0", nil), ("5", nil), ("", nil),
    ("seven", nil), ("7.x", nil), ("keydb-6.3", nil), ("valkey-6", nil), ("99999999999999999999", nil),
  ])
  func versions(word: String, age: ServerAge?) { #expect(AccessText.age(ofVersion: word) == age) }

  /// Only the newest line is for all: each older one is named, with what is to be left out.
  @Test func theTextOfACL() {
    let lines = AccessText().text.split(separator: "\n").map(String.init)
    #expect(
      lines.filter { !$0.hasPrefix("#") }.map { $0.prefix(28) } == [
        "ACL SETUSER keyglass-browse ", "ACL SETUSER keyglass-edit re",
      ])
    #expect(lines.contains { $0.contains("Redis 7.0: also without +client|no-touch") })
    #expect(lines.contains { $0.contains("Redis 6.2: also without +pexpiretime") })
    let old = AccessText(level: .edit, age: .redis6_2).text
    #expect(!old.contains("hpexpire") && !old.contains("no-touch") && !old.contains("pexpiretime"))
    #expect(old.hasSuffix("+zscore\n"))
  }

  @Test("conditions of --ttl, alone and two at once")
  func ttl() throws {
    func list(_ conditions: String...) throws -> Invocation.Command {
      try Invocation(
        options {
          $0.words = ["ls"]
          $0.ttl = conditions
        }
      ).command
    }
    #expect(try list("<10m") == .list(pattern: nil, format: .names, ttl: .left(below: 600_000)))
    #expect(try list(" < 2h 30m") == .list(pattern: nil, format: .names, ttl: .left(below: 9_000_000)))
    #expect(try list("<=90") == .list(pattern: nil, format: .names, ttl: .left(below: 90_001)))
    #expect(try list(">0") == .list(pattern: nil, format: .names, ttl: .left(above: 0)))
    #expect(try list("NONE", "none") == .list(pattern: nil, format: .names, ttl: .persistent))
    #expect(
      try list(">1m", "<1d") == .list(pattern: nil, format: .names, ttl: .left(above: 60_000, below: 86_400_000)))
    // A single ms is between them.
    #expect(try list(">=1s", "<=1s") == .list(pattern: nil, format: .names, ttl: .left(above: 999, below: 1_001)))
  }

  @Test func histogram() throws {
    #expect(
      try Invocation(
        options {
          $0.words = ["ls", "a*"]
          $0.isHistogram = true
          $0.isJSON = true
          $0.ttl = ["<1h"]
        }
      ).command == .histogram(pattern: "a*", isJSON: true, ttl: .left(below: 3_600_000)))
  }

  @Test(
    "what is no condition is wrong usage, in one line",
    arguments: [
      "", "10m", "<", "<10x", "<-1", "< ", "<10m<20m", "=10m", "never", "<99999999999999999999d", "<\n", ">1m30",
    ])
  func noCondition(text: String) throws {
    let error = try #require(throws: ErrorLine.self) { try TTLOption.condition([text]) }
    #expect(
      error.description
        == "keyglass: --ttl \(text): this is no condition for a TTL. "
        + "Write '<10m', '>1d', '<=90' or none, with the quotes for the shell.")
    #expect(error.status == .usage)
  }

  @Test(
    "what no key can meet is wrong usage",
    arguments: [["<0"], ["<=0s"], ["<10m", ">1h"], ["none", "<10m"], [">10m", "<10m"], [">1ms", "<2ms"]])
  func impossible(conditions: [String]) throws {
    let error = try #require(throws: ErrorLine.self) { try TTLOption.condition(conditions) }
    #expect(error.status == .usage)
    #expect(error.description.hasPrefix("keyglass: --ttl \(conditions[0])"))
  }

  @Test("options go over what the URI says")
  func overrides() throws {
    let server = try Invocation(
      options {
        $0.uri = "redis://me:secret@h:1/2"
        $0.database = "5"
        $0.user = "you"
        $0.protocolVersions = [2]
      }, environmentPassword: "other"
    ).server
    #expect(
      server.endpoint
        == Endpoint(
          address: .tcp(host: "h", port: 1), username: Array("you".utf8), password: Array("secret".utf8), database: 5,
          protocolVersion: .resp2))
    #expect(server.passwordPlace == .option)
  }

  @Test("the warning names where the password stands")
  func warning() throws {
    func warning(_ change: @escaping (inout LaunchOptions) -> Void) throws -> String? {
      Launch.passwordWarning(try Invocation(options(change), environmentPassword: "e").server)
    }
    let asRedisCLI = "Warning: Using a password with '-a' or '-u' option on the command line interface may not be safe."
    #expect(try warning { $0.password = "x" } == asRedisCLI)
    #expect(try warning { $0.uri = "redis://x@h" } == asRedisCLI)
    let inURI = "Warning: Using a password in a URI on the command line interface may not be safe."
    #expect(try warning { $0.words = ["redis://u:x@h"] } == inURI)
    #expect(try warning { $0.words = ["h:1"] } == nil)
  }

  /// redis-cli ends the password at the first `@` and then finds no host; what was meant cannot be known.
  @Test(arguments: ["redis://x:y@@z", "redis://u:p@w@h:1/0", "unix://u:p@w@/s", "valkey://@@h?db=1"])
  func secondAt(uri: String) throws {
    let line = "not the address of a server: there is a second @ before the host. Write an @ in a password as %40."
    for (what, change) in [("server", { $0.words = [uri] }), ("-u", { $0.uri = uri })]
      as [(
        String, (inout LaunchOptions) -> Void
      )]
    {
      let error = try #require(throws: ErrorLine.self) { try Invocation(options(change)) }
      #expect(error.text == "\(what): \(line)")
      #expect(error.status == .usage)
    }
  }

  @Test func encodedAt() throws {
    let server = try Invocation(options { $0.words = ["redis://u:p%40w@h"] }).server
    #expect(server.endpoint.password == Array("p@w".utf8))
    let path = try Invocation(options { $0.words = ["unix:///a@b@c"] }).server
    #expect(path.endpoint.address == .unix(path: "/a@b@c"))
  }

  @Test("REDISCLI_AUTH counts where no password was typed")
  func environment() throws {
    let fromEnvironment = try Invocation(LaunchOptions(), environmentPassword: "e").server
    #expect(fromEnvironment.endpoint.password == Array("e".utf8))
    #expect(fromEnvironment.passwordPlace == nil)
    let typed = try Invocation(options { $0.password = "t" }, environmentPassword: "e").server
    #expect(typed.endpoint.password == Array("t".utf8))
    #expect(typed.passwordPlace == .option)
  }

  struct Bad: Sendable, CustomTestStringConvertible {
    let line: String
    let change: @Sendable (inout LaunchOptions) -> Void
    var testDescription: String { line }

    init(_ line: String, _ change: @escaping @Sendable (inout LaunchOptions) -> Void) {
      self.line = line
      self.change = change
    }
  }

  @Test(arguments: [
    Bad("keyglass: 'dmeo': neither a command nor HOST:PORT. Did you mean 'keyglass demo'?") { $0.words = ["dmeo"] },
    Bad("keyglass: 'sl': neither a command nor HOST:PORT. Did you mean 'keyglass ls'?") { $0.words = ["sl"] },
    Bad(
      "keyglass: 'nowhere': neither a command nor HOST:PORT nor a URI. "
        + "For a host use 'keyglass -h nowhere'; see 'keyglass --help'."
    ) { $0.words = ["nowhere"] },
    Bad("keyglass: 'snapshot': this version has no such command yet. See 'keyglass --help'.") {
      $0.words = ["snapshot", "GET", "x"]
    },
    Bad("keyglass: 'b': one word too many. See 'keyglass --help'.") { $0.words = ["ls", "a", "b"] },
    Bad("keyglass: 'x': one word too many. See 'keyglass --help'.") { $0.words = ["demo", "x"] },
    Bad("keyglass: -c: this version knows no cluster yet. Name one node of it without -c.") { $0.notYet = ["-c"] },
    Bad(
      "keyglass: -p 0: a port is a number from 1 to 65535. Redis listens on 6379 unless told otherwise."
    ) { $0.port = "0" },
    Bad(
      "keyglass: -p +1: a port is a number from 1 to 65535. Redis listens on 6379 unless told otherwise."
    ) { $0.port = "+1" },
    Bad("keyglass: -n x: a database is a number from 0. Use -n 0 for the first one.") { $0.database = "x" },
    Bad("keyglass: -n -1: a database is a number from 0. Use -n 0 for the first one.") { $0.database = "-1" },
    Bad("keyglass: -h: the host is empty. Name a host or its address.") { $0.host = "" },
    Bad("keyglass: -s: the path is empty. Name a Unix socket.") { $0.socket = "" },
    Bad("keyglass: -u: this is not a URI. Write it as redis://HOST:PORT/DB, or @NAME.") { $0.uri = "h:1" },
    Bad("keyglass: -2 -3: they exclude each other. Leave out one of the two.") { $0.protocolVersions = [2, 3] },
    Bad("keyglass: -h: -u names a server as well. Leave out one of the two.") {
      $0.uri = "redis://a"
      $0.host = "b"
    },
    Bad("keyglass: -h: the word after the options names a server as well. Leave out one of the two.") {
      $0.words = ["a:1"]
      $0.host = "b"
    },
    Bad("keyglass: demo: it starts a server of its own, so -a means nothing. Leave out -a, or demo.") {
      $0.words = ["demo"]
      $0.password = "x"
    },
    Bad("keyglass: --still: it is an option of demo. Use 'keyglass demo --still'.") { $0.isStill = true },
    Bad("keyglass: --json: it is an option of ls, exec and compose. Use 'keyglass ls' with it.") { $0.isJSON = true },
    Bad("keyglass: ls: --long and --json exclude each other. JSON has all that --long shows.") {
      $0.words = ["ls"]
      $0.isLong = true
      $0.isJSON = true
    },
    Bad("keyglass: ls: --long and --histogram exclude each other. Leave out one of the two.") {
      $0.words = ["ls"]
      $0.isLong = true
      $0.isHistogram = true
    },
    Bad("keyglass: --ttl: it is an option of ls. Use 'keyglass ls' with it.") { $0.ttl = ["<1m"] },
    Bad("keyglass: --histogram: it is an option of ls. Use 'keyglass ls' with it.") {
      $0.words = ["demo"]
      $0.isHistogram = true
    },
    Bad("keyglass: --histogram: it is an option of ls. Leave it out.") {
      $0.words = ["exec", "PING"]
      $0.isHistogram = true
    },
    Bad("keyglass: --script: ls has no screen to play it on. Leave out ls, or --script.") {
      $0.words = ["ls"]
      $0.script = "x"
      $0.isHistogram = true
    },
    Bad("keyglass: --script: ls has no screen to play it on. Leave out ls, or --script.") {
      $0.words = ["ls"]
      $0.script = "x"
    },
  ])
  func refuses(bad: Bad) throws {
    let error = try #require(throws: ErrorLine.self) { try Invocation(options(bad.change)) }
    #expect(error.description == bad.line)
    #expect(error.status == .usage)
  }

  @Test("a mistake in a URI is told without its password")
  func noSecret() throws {
    let error = try #require(throws: ErrorLine.self) {
      try Invocation(options { $0.words = ["redis://u:sEcReT@h:99999"] })
    }
    #expect(error.status == .usage)
    #expect(!error.description.contains("sEcReT"))
  }

  @Test("what was typed cannot make a second line")
  func oneLine() throws {
    let error = try #require(throws: ErrorLine.self) {
      try Invocation(options { $0.words = ["a\nb\u{1b}[2J\u{202e}"] })
    }
    let line = Output.oneLine("\(error)")
    #expect(line.hasPrefix(#"keyglass: 'a\x0ab\x1b[2J\xe2\x80\xae': neither a command"#))
  }
}
