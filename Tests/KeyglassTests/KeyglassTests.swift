import App
import ArgumentParser
import Testing

@testable import keyglass

@Suite("The command line as it is parsed")
struct KeyglassTests {
  private func parse(_ arguments: String...) throws -> LaunchOptions { try Keyglass.parse(arguments).options }

  @Test("options as redis-cli has them, joined too")
  func server() throws {
    var expected = LaunchOptions()
    expected.host = "127.0.0.1"
    expected.port = "6380"
    expected.database = "3"
    expected.password = "pw"
    #expect(try parse("-h127.0.0.1", "-p6380", "-n3", "-apw") == expected)
    #expect(try parse("-h", "127.0.0.1", "-p", "6380", "-n", "3", "--pass", "pw") == expected)
    var other = LaunchOptions()
    other.socket = "/s"
    other.uri = "redis://x"
    other.user = "me"
    other.asksPassword = true
    other.protocolVersions = [3]
    #expect(try parse("-s", "/s", "-u", "redis://x", "--user", "me", "--askpass", "-3") == other)
    #expect(try parse("-2").protocolVersions == [2])
  }

  @Test("an option that takes a value takes the next argument, whatever it looks like")
  func unconditional() throws {
    #expect(try parse("-a", "--tls").password == "--tls")
    #expect(try parse("-n", "-1").database == "-1")
    #expect(try parse("--separator", "--").separator == "--")
  }

  @Test func browsing() throws {
    var expected = LaunchOptions()
    expected.isReadOnly = true
    expected.pattern = "a*"
    expected.separator = "/"
    expected.theme = "dark"
    expected.config = "c.yaml"
    expected.hasNoColor = true
    expected.isPlain = true
    expected.script = "-"
    expected.trace = "t.json"
    expected.frames = "f.txt"
    expected.printsPaths = true
    let arguments = [
      "--read-only", "--pattern", "a*", "--separator=/", "--theme", "dark", "--config", "c.yaml", "--no-color",
      "--plain", "--script", "-", "--trace", "t.json", "--frames", "f.txt", "--print-paths",
    ]
    #expect(try Keyglass.parse(arguments).options == expected)
  }

  @Test("options stand before or after the word")
  func order() throws {
    #expect(try parse("ls", "a*", "--long", "-n", "2") == parse("-n", "2", "--long", "ls", "a*"))
    #expect(try parse("demo", "--still") == parse("--still", "demo"))
    #expect(try parse("--still", "demo").isStill)
    let conditions = try parse("--ttl", "<10m", "ls", "--histogram", "--ttl", "-1")
    #expect(conditions.ttl == ["<10m", "-1"] && conditions.isHistogram && conditions.words == ["ls"])
  }

  @Test func tls() throws {
    var expected = LaunchOptions()
    expected.tls.isWanted = true
    expected.tls.serverName = "n"
    expected.tls.authorityFile = "a"
    expected.tls.authorityFolder = "d"
    expected.tls.certificateFile = "f"
    expected.tls.keyFile = "g"
    expected.tls.isInsecure = true
    expected.tls.allowsInsecureWrites = true
    let arguments = [
      "--tls", "--sni", "n", "--cacert", "a", "--cacertdir", "d", "--cert", "f", "--key", "g", "--insecure",
      "--insecure-writes",
    ]
    #expect(try Keyglass.parse(arguments).options == expected)
  }

  @Test func notYet() throws {
    #expect(try parse("-c").notYet == ["-c"])
  }

  @Test(arguments: [
    (["--frobnicate"], "Unknown option '--frobnicate'"), (["-k"], "Unknown option '-k'"),
    (["-p"], "Missing value for '-p'"),
    (["--them", "x"], "Unknown option '--them'. Did you mean '--theme'?"),
  ])
  func refuses(arguments: [String], message: String) throws {
    let error = try #require(throws: (any Error).self) { try Keyglass.parse(arguments) }
    #expect(Keyglass.message(for: error) == message)
    #expect(!Keyglass.exitCode(for: error).isSuccess)
  }

  @Test("--help names every option of every command, and none that is not there")
  func help() {
    let help = Keyglass.helpMessage(columns: 80)
    let options = [
      "-h <HOST>", "-p <PORT>", "-s <SOCKET>", "-u <URI>", "-n <DB>", "--user <NAME>", "-a, --pass <PASSWORD>",
      "--askpass", "-2 ", "-3 ", "--read-only", "--pattern <GLOB>", "--separator <TEXT>", "--theme <NAME>",
      "--config <FILE>", "--no-color", "--plain", "--script <FILE>", "--trace <FILE>", "--print-paths", "--still",
      "--tls", "--sni <NAME>", "--cacert <FILE>", "--cacertdir <DIR>", "--cert <FILE>", "--key <FILE>", "--insecure ",
      "--insecure-writes", "--long", "--ttl <COND>", "--histogram", "--json", "--raw", "-x ", "--version", "--help",
    ]
    for option in options { #expect(help.contains("  \(option)"), "\(option)") }
    for option in ["--manual", "--frames", "-c,", "-h,"] { #expect(!help.contains(option), "\(option)") }
  }

  @Test("-h is the host, --help and --version are no errors")
  func clean() throws {
    for argument in ["--help", "--version"] {
      let error = try #require(throws: (any Error).self) { _ = try Keyglass.parse([argument]) }
      #expect(Keyglass.exitCode(for: error).isSuccess)
    }
    let error = try #require(throws: (any Error).self) { _ = try Keyglass.parse(["-h"]) }
    #expect(Keyglass.message(for: error) == "Missing value for '-h'")
  }
}
