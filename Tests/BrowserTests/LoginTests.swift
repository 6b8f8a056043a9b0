import Canvas
import Keyspace
import Requests
import Testing

@testable import Browser

@Suite("The prompt for a password") struct LoginTests {
  private static let secret = "PW_7f3a91c4"

  private func refused(_ setup: Setup = Setup(endpointName: "127.0.0.1:6379", previewDelay: nil)) -> Harness {
    var harness = Harness(["a", "b"], setup: setup)
    harness.advance(1_000)
    harness.send(.notice(.loginRefused(why: "the server does not accept this user and password")))
    return harness
  }

  /// What it asks the Store for, besides all else.
  private func logins(_ harness: Harness) -> [Secret?] {
    harness.effects.compactMap { if case .request(.login, _, .login(let secret)) = $0 { secret } else { nil } }
  }

  @Test("it opens over the footer and says why; what is typed is bullets, and sent once")
  func typing() {
    var harness = refused()
    #expect(harness.row("password:").contains("the server does not accept this user and password"))
    harness.advance(200)
    harness.type(Self.secret)
    let line = harness.row("password:")
    #expect(line.contains("password: " + String(repeating: "•", count: Self.secret.count)), "\(line)")
    #expect(line.contains("kept nowhere") && !harness.text.contains(Self.secret))
    harness.press(.enter)
    #expect(logins(harness) == [Secret(Array(Self.secret.utf8))])
    #expect(harness.state.prompt == nil && harness.text.contains("logging in"))
    harness.answer(.login, .loggedIn)
    #expect(harness.state.login == nil && harness.text.contains("logged in"))
  }

  @Test("with --plain it is stars")
  func plain() {
    var harness = refused(Setup(endpointName: "h:1", isPlain: true, previewDelay: nil))
    harness.advance(200)
    harness.type("äb")
    #expect(harness.frame(.ascii).trimmedRows().contains { $0.contains("password: **") && !$0.contains("***") })
  }

  @Test("keys that were on their way when it opened are not for it, pasted ones neither")
  func typeAhead() {
    var harness = refused()
    harness.type("jjq")
    harness.send(.typed([.character("x"), .character("y"), .enter]))
    harness.send(.paste(Array("pasted".utf8)))
    harness.press(.enter, .escape)
    #expect(harness.state.prompt?.field.text == "" && logins(harness).isEmpty)
    #expect(Browser.isDroppingKeys(harness.state) && Browser.nextTick(harness.state) <= harness.state.now + 150)
    harness.advance(200)
    #expect(!Browser.isDroppingKeys(harness.state))
    harness.send(.paste(Array("p\\x41 w\n".utf8)))
    harness.press(.enter)
    #expect(logins(harness) == [Secret(Array("p\\x41 w".utf8))], "as it is: no escape is read in it")
  }

  @Test("nothing of it can be got back: not by ^P, ^Y or ^_ anywhere")
  func leavesNothing() {
    var harness = refused()
    harness.advance(200)
    harness.type(Self.secret)
    harness.press(.control("u"))
    harness.type(Self.secret)
    harness.press(.control("w"), .control("k"))
    harness.type(Self.secret)
    harness.press(.enter)
    harness.answer(.login, .loggedIn)
    for key in ["/", "O"] as [Character] {
      harness.press(.character(key), .control("y"), .control("p"), .control("_"))
      #expect(harness.state.prompt?.field.text == "")
      harness.press(.escape)
    }
    harness.send(.notice(.loginRefused(why: "why")))
    harness.advance(200)
    harness.press(.control("p"), .up, .control("y"), .control("_"))
    #expect(harness.state.prompt?.field.text == "")
    #expect(Event.key(.character("x")).label(in: harness.state) == "key: typed into a prompt")
  }

  @Test("Esc leaves it, R asks again, and an empty one tries what there is")
  func leaving() {
    var harness = refused()
    harness.advance(200)
    harness.press(.escape)
    #expect(harness.state.prompt == nil && harness.text.contains("R asks for the password again"))
    harness.press(.character("R"))
    #expect(harness.state.prompt?.subject == .password)
    harness.press(.enter)
    #expect(logins(harness) == [nil])
    // While it is tried R asks nothing.
    harness.press(.character("R"))
    #expect(harness.state.prompt == nil)
  }

  @Test("refused again it asks again; where the server was not reached it says so")
  func failures() {
    var harness = refused()
    harness.advance(200)
    harness.type("wrong")
    harness.press(.enter)
    harness.send(.notice(.loginRefused(why: "the server does not accept this user and password")))
    let failure = Failure(kind: .connection, what: "logging in", why: Array("no".utf8), nextStep: "Try again")
    harness.answer(.login, .failed(failure))
    #expect(harness.state.prompt?.subject == .password && harness.state.prompt?.field.text == "")
    #expect(harness.state.message?.tone != .error)
    harness.advance(200)
    harness.type("right")
    harness.press(.enter)
    harness.answer(.login, .failed(failure))
    #expect(harness.text.contains("logging in: no. Try again"))
    harness.press(.character("R"))
    #expect(harness.state.prompt?.subject == .password)
  }

  @Test("who types something else is not interrupted")
  func inTheMiddle() {
    for keys in [[Key.character("/")], [.character("a"), .character("s")], [.character(":")], [.character("?")]] {
      var harness = Harness(["a"], setup: Setup(endpointName: "127.0.0.1:6379", previewDelay: nil))
      for key in keys { harness.press(key) }
      let (prompt, overlay) = (harness.state.prompt, harness.state.overlay)
      harness.send(.notice(.loginRefused(why: "the server does not accept this user and password")))
      #expect(harness.state.prompt == prompt && harness.state.overlay == overlay)
      #expect(harness.state.login != nil)
      let message = String(decoding: harness.state.message?.bytes ?? [], as: UTF8.self)
      #expect(message.contains("R asks for the password"))
    }
  }

  @Test("a connection that comes back by itself takes the question away")
  func comesBack() {
    var harness = refused()
    harness.send(.notice(.link(.connecting)))
    harness.state.link = .connecting
    harness.send(.notice(.link(.connected)))
    #expect(harness.state.login == nil && harness.state.prompt == nil)
  }

  @Test(
    "a password is not shown in the console's line while it is typed either",
    arguments: [
      ("AUTH ", ""), ("auth me ", ""), ("HELLO 3 AUTH me ", ""), ("CONFIG SET requirepass ", ""),
      ("ACL SETUSER me on >", ""), ("AUTH '", "'"), ("AUTH \"", ""), ("GET x\nAUTH ", "\nGET y"),
    ])
  func consoleLine(before: String, after: String) {
    var harness = Harness.console()
    harness.state.console.input = TextField(before + Self.secret + after, isMultiline: true)
    for glyphs in [GlyphSet.unicode, .ascii] {
      let text = harness.frame(glyphs).trimmedRows().joined(separator: "\n")
      #expect(!text.contains("7f3a91"), "\(text)")
      #expect(text.contains("•••"), "\(text)")
    }
    harness.state.console.input = TextField("SET k \(Self.secret)")
    #expect(harness.text.contains(Self.secret), "what is no password is shown")
  }
}
