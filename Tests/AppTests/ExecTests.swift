import Testing

@testable import App

@Suite("What exec takes as its command")
struct ExecTests {
  @Test(arguments: [
    ("exec LRANGE k 0 -1", "exec -- LRANGE k 0 -1"),
    ("-n 3 exec --json GET -x", "-n 3 exec --json -- GET -x"),
    ("exec -s /x.sock PING", "exec -s /x.sock -- PING"),
    ("exec -- -odd", "exec -- -odd"), ("-h exec ls", "-h exec ls"), ("ls exec", "ls exec"), ("exec", "exec"),
    ("demo --still", "demo --still"), ("--user exec exec PING", "--user exec exec -- PING"),
    ("exec -f exec --json", "exec -f exec --json"), ("exec -f - GET k", "exec -f - -- GET k"),
  ])
  func everythingBehindItsName(_ typed: String, _ expected: String) {
    let words = ExecArguments.terminated(typed.split(separator: " ").map(String.init))
    #expect(words.joined(separator: " ") == expected)
  }

  private func command(_ change: (inout LaunchOptions) -> Void) throws(ErrorLine) -> Invocation.Command {
    var options = LaunchOptions()
    change(&options)
    return try Invocation(options).command
  }

  @Test("its words are bytes")
  func bytes() throws {
    let command = try command {
      $0.words = ["exec", "GET", "\u{FFFD}"]
      $0.arguments = [Array("--json".utf8), Array("exec".utf8), Array("GET".utf8), [0xFF]]
      $0.isJSON = true
    }
    #expect(command == .execute([Array("GET".utf8), [0xFF]], format: .json))
  }

  @Test("with -f the commands are in a file, and nowhere else")
  func file() throws {
    let command = try command {
      $0.words = ["exec"]
      ($0.commandFile, $0.isJSON) = ("-", true)
    }
    #expect(command == .executeFile("-", format: .json))
    for words in [["exec", "PING"], ["exec"]] {
      let error = #expect(throws: ErrorLine.self) {
        try self.command {
          $0.words = words
          $0.commandFile = "f"
          $0.readsLastWord = words.count == 1
        }
      }
      #expect(error?.text.hasPrefix("-f: the file holds the commands") == true)
    }
  }

  @Test(arguments: [
    (["exec"], "no command to send"), (["exec", "PING"], "--raw and --json exclude each other"),
  ])
  func refuses(_ words: [String], _ why: String) {
    let error = #expect(throws: ErrorLine.self) {
      try command {
        $0.words = words
        ($0.isRaw, $0.isJSON) = (true, true)
      }
    }
    #expect(error?.text.contains(why) == true)
  }

  @Test("its options mean nothing elsewhere")
  func elsewhere() {
    let raw = #expect(throws: ErrorLine.self) { try command { $0.isRaw = true } }
    #expect(raw?.text == "--raw: it is an option of exec. Use 'keyglass exec' with it.")
    let last = #expect(throws: ErrorLine.self) {
      try command {
        $0.words = ["ls"]
        $0.readsLastWord = true
      }
    }
    #expect(last?.text.hasPrefix("-x: it is an option of exec") == true)
  }
}
