import Settings
import Testing
import YAML

@testable import App

@Suite("Parts of the command line")
struct CommandLineTests {
  @Test(arguments: [
    ("dmeo", "demo"), ("DEMO", "demo"), ("demoo", "demo"), ("dem", "demo"), ("l", "ls"), ("lss", "ls"),
    ("snapshto", "snapshot"), ("production", nil), ("xy", nil),
  ])
  func spelling(word: String, meant: String?) {
    #expect(Suggestion.nearest(to: word, among: ["demo", "ls", "snapshot"]) == meant)
  }

  @Test(arguments: [
    (["-a", "pw"], ["-a", "**"]),
    (["-apw"], ["-a**"]), (["-2a", "pw"], ["-2a", "**"]), (["-3apw"], ["-3a**"]), (["-2", "a"], ["-2", "a"]),
    (["--pass", "pw", "ls"], ["--pass", "**", "ls"]),
    (["--pass=pw"], ["--pass=**"]),
    (["-a", "--pass", "x"], ["-a", "******", "x"]),
    (["redis://u:pw@h:1/0"], ["redis://u:**@h:1/0"]),
    (["-u", "redis://u:p@w@h/0"], ["-u", "redis://u:***@h/0"]),
    (["-uredis://u:pw@h"], ["-uredis://u:**@h"]),
    (["redis://pw@h"], ["redis://**@h"]),
    (["redis://h:1/0", "-h", "a", "--askpass"], ["redis://h:1/0", "-h", "a", "--askpass"]),
    (["-a"], ["-a"]),
  ])
  func secrets(arguments: [String], wiped: [String]) {
    var bytes = (["keyglass"] + arguments).map { Array($0.utf8) }
    for (argument, range) in SecretArguments.ranges(in: bytes) {
      for place in range { bytes[argument][place] = UInt8(ascii: "*") }
    }
    #expect(bytes.dropFirst().map { String(decoding: $0, as: UTF8.self) } == wiped)
  }

  @Test(arguments: [
    ("abc\n", PasswordPrompt.Outcome.password("abc")), ("abx\u{7f}c\r", .password("abc")),
    ("x\u{15}abc\n", .password("abc")), ("aé\u{8}b\n", .password("ab")), ("\n", .password("")),
    ("ab\u{3}", .cancelled), ("\u{4}", .cancelled), ("a\u{4}b\n", .password("ab")), ("", .cancelled),
    ("ab", .password("ab")),
  ])
  func passwordLine(typed: String, outcome: PasswordPrompt.Outcome) {
    var bytes = Array(typed.utf8)[...]
    #expect(PasswordPrompt.line { bytes.popFirst() } == outcome)
  }

  @Test(arguments: [
    ("Unknown option '--x'", "keyglass: wrong usage: Unknown option '--x'. See 'keyglass --help'."),
    (
      "Unknown option '--them'. Did you mean '--theme'?",
      "keyglass: wrong usage: Unknown option '--them'. Did you mean '--theme'?"
    ),
    ("One.\nTwo.", "keyglass: wrong usage: One. See 'keyglass --help'."),
  ])
  func usage(message: String, line: String) {
    #expect(Launch.usageError(message).description == line)
    #expect(Launch.usageError(message).status == .usage)
  }

  @Test("the state folder follows the XDG specification")
  func stateFolder() {
    #expect(Environment(["HOME": "/h"]).stateFolder == "/h/.local/state/keyglass")
    #expect(Environment(["HOME": "/h", "XDG_STATE_HOME": "/s"]).stateFolder == "/s/keyglass")
    #expect(Environment(["HOME": "/h", "XDG_STATE_HOME": "s"]).stateFolder == "/h/.local/state/keyglass")
    #expect(Environment([:]).stateFolder == nil)
  }

  @Test("the manual page has the help and every binding, and nothing that roff would take for a request")
  func manual() {
    let page = Manual.page(help: "USAGE: keyglass\n.TH is not a request\n  -p <PORT>  a\\b")
    #expect(page.contains("\n\\&.TH is not a request\n"))
    #expect(page.contains("  \\-p <PORT>  a\\eb"))
    #expect(page.contains("\n.B q\nback one level; on the main screen, quit\n"))
    #expect(page.hasPrefix(".TH KEYGLASS 1"))
  }
}
