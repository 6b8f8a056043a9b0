import Canvas
import Commands
import Keyspace
import Requests
import Testing
import Values

@testable import Browser

@Suite("Console: completion and hints") struct ConsoleCompletionTests {
  private func answerNames(_ names: [String], in harness: inout Harness) {
    harness.answer(.completion, .console(.names(names.map { KeyName($0) })))
  }

  @Test("the one command that fits is taken, in the letters that were begun") func oneCommand() {
    var harness = Harness.console()
    harness.write("BGREW")
    harness.press(.tab)
    #expect(harness.line == "BGREWRITEAOF ")
    harness.press(.control("u"))
    harness.write("bgrew")
    harness.press(.tab)
    #expect(harness.line == "bgrewriteaof ")
  }

  @Test("of several what they have in common is taken, and Tab goes through them") func severalCommands() {
    var harness = Harness.console()
    harness.write("HGETA")
    harness.press(.tab)
    #expect(harness.line == "HGETALL ")
    harness.press(.control("u"))
    harness.write("ZINTERS")
    harness.press(.tab)
    #expect(harness.line == "ZINTERSTORE ")
    harness.press(.control("u"))
    harness.write("SINT")
    harness.press(.tab)
    #expect(harness.line == "SINTER")
    #expect(harness.state.console.completion?.candidates.map(\.text) == ["SINTER", "SINTERCARD", "SINTERSTORE"])
    harness.press(.escape, .control("u"))
    harness.write("config ")
    harness.press(.tab)
    let menu = harness.state.console.completion?.candidates.map(\.text)
    #expect(
      menu == ["get", "help", "resetstat", "rewrite", "set"] || menu == ["GET", "HELP", "RESETSTAT", "REWRITE", "SET"])
    #expect(harness.text.contains("settings whose names match"), "with what each does")
    harness.press(.tab)
    #expect(harness.line.lowercased() == "config get")
    harness.press(.down)
    #expect(harness.line.lowercased() == "config help")
    harness.press(.backTab, .up)
    #expect(harness.line.lowercased() == "config set", "round the corner")
    harness.press(.enter)
    #expect(harness.line.lowercased() == "config set ")
    #expect(harness.requests(.console).isEmpty, "Enter has only taken it")
  }

  @Test("Esc closes the choice and gives back what was typed") func escape() {
    var harness = Harness.console()
    harness.write("CONFIG ")
    harness.press(.tab, .tab, .tab, .escape)
    #expect(harness.line == "CONFIG ")
    #expect(harness.state.console.completion == nil)
    #expect(harness.state.console.focus == .input)
  }

  @Test("whoever types on has taken what stands there") func typesOn() {
    var harness = Harness.console()
    harness.write("CONFIG ")
    harness.press(.tab, .tab)
    harness.write(" max*")
    #expect(harness.line.uppercased() == "CONFIG GET MAX*")
    #expect(harness.state.console.completion == nil)
  }

  @Test("words of options are offered where they may stand") func tokens() {
    var harness = Harness.console()
    harness.write("SET a 1 KEE")
    harness.press(.tab)
    #expect(harness.line == "SET a 1 KEEPTTL ")
    harness.press(.control("u"))
    harness.write("SET a 1 EX 10 ")
    harness.press(.tab)
    let offered = harness.state.console.completion?.candidates.map(\.text) ?? []
    #expect(
      offered.contains("NX") && offered.contains("GET") && !offered.contains("EX") && !offered.contains("KEEPTTL"))
  }

  @Test("names of keys come from the index, quoted where they have to be") func keys() {
    var harness = Harness.console()
    harness.write("GET us")
    harness.press(.tab)
    #expect(harness.requests(.completion) == [.console(.names(prefix: Array("us".utf8), limit: 200))])
    answerNames(["user 1", "user:2"], in: &harness)
    #expect(harness.state.console.completion?.candidates.map(\.text) == [#""user 1""#, "user:2"])
    harness.press(.tab)
    #expect(harness.line == #"GET "user 1""#)
    harness.press(.enter)
    #expect(harness.line == #"GET "user 1" "#)
    harness.press(.control("u"))
    harness.write("GET b")
    harness.press(.tab)
    harness.answer(.completion, .console(.names([KeyName([0x62, 0x00, 0xff, 0x22])])))
    #expect(harness.line == #"GET "b\x00\xff\"" "#)
    harness.press(.enter)
    #expect(harness.sent.last?.words == [Array("GET".utf8), [0x62, 0x00, 0xff, 0x22]])
  }

  @Test("a quote that was begun is kept and closed") func openQuotes() {
    var harness = Harness.console()
    harness.write("GET 'my k")
    harness.press(.tab)
    #expect(harness.requests(.completion) == [.console(.names(prefix: Array("my k".utf8), limit: 200))])
    answerNames(["my key"], in: &harness)
    #expect(harness.line == "GET 'my key' ")
    harness.press(.control("u"))
    harness.write("GET \"my")
    harness.press(.tab)
    answerNames(["my key 1", "my key 2"], in: &harness)
    #expect(harness.line == "GET \"my key ")
    harness.write("2")
    harness.press(.tab)
    #expect(harness.requests(.completion).last == .console(.names(prefix: Array("my key 2".utf8), limit: 200)))
    answerNames(["my key 2"], in: &harness)
    #expect(harness.line == "GET \"my key 2\" ")
  }

  @Test("what several names have in common never ends in half an escape or half a character") func commonBytes() {
    var harness = Harness.console()
    harness.write("GET b")
    harness.press(.tab)
    harness.answer(.completion, .console(.names([KeyName([0x62, 0x00, 0x01]), KeyName([0x62, 0x00, 0x02])])))
    harness.press(.tab)
    #expect(harness.line == #"GET "b\x00\x01""#)
    harness.press(.escape)
    #expect(SplitLine(harness.line).unfinished?.bytes == [0x62, 0x00], "\(harness.line)")
    harness.press(.tab)
    #expect(harness.requests(.completion).last == .console(.names(prefix: [0x62, 0x00], limit: 200)))
    harness.press(.control("u"))
    harness.write("GET caf")
    harness.press(.tab)
    // Equal to look at, and not equal.
    answerNames(["caf\u{e9}1", "cafe\u{301}2"], in: &harness)
    #expect(harness.line == "GET caf")
  }

  @Test("in the middle of a word it is the whole word that gives way") func middle() {
    var harness = Harness.console()
    harness.write("GET user:1 x")
    harness.press(.home)
    for _ in 0..<6 { harness.press(.right) }
    harness.press(.tab)
    #expect(harness.requests(.completion) == [.console(.names(prefix: Array("us".utf8), limit: 200))])
    answerNames(["user:22"], in: &harness)
    #expect(harness.line == "GET user:22 x")
  }

  @Test("names for a line that is not there any more are dropped") func stale() {
    var harness = Harness.console()
    harness.write("GET us")
    harness.press(.tab)
    harness.write("e")
    answerNames(["user:1"], in: &harness)
    #expect(harness.line == "GET use")
    harness.press(.tab)
    let generation = harness.state.generations[.completion] ?? 0
    harness.press(.tab)
    harness.send(.answer(.completion, generation: generation, .console(.names([KeyName("user:old")]))))
    #expect(harness.line == "GET use")
    answerNames(["user:new"], in: &harness)
    #expect(harness.line == "GET user:new ")
    // Nor does an answer bring back what has gone on.
    harness.press(.control("u"))
    harness.write("GET a")
    harness.press(.tab, .enter)
    answerNames(["abc"], in: &harness)
    #expect(harness.line == "")
    #expect(harness.sentLines == ["GET a"])
  }

  @Test("where the cursor went elsewhere meanwhile, nothing is put in") func cursorMoved() {
    var harness = Harness.console()
    harness.write("GET us")
    harness.press(.tab, .home)
    answerNames(["user:1"], in: &harness)
    #expect(harness.line == "GET us")
  }

  @Test("fields and members are those of the value that is open") func parts() {
    var harness = Harness.opened(.hash, Harness.fields(0..<3, of: 3, next: 0))
    harness.press(.character(":"))
    harness.write("HGET k f")
    harness.press(.tab)
    #expect(harness.state.console.completion?.candidates.map(\.text) == ["f0", "f1", "f2"])
    harness.press(.escape, .control("u"))
    harness.write("HGET other f")
    harness.press(.tab)
    #expect(harness.state.console.completion == nil)
    #expect(harness.text.contains("nothing fits here"))
    var members = Harness.opened(
      .set, .set(SetPage(length: 2, members: [Array("one member".utf8), Array("two".utf8)], next: 0)))
    members.press(.character(":"))
    members.write("SREM k on")
    members.press(.tab)
    #expect(members.line == #"SREM k "one member" "#)
  }

  @Test("each line of several is completed by itself") func severalLines() {
    var harness = Harness.console()
    harness.write("SET a 1\nBGREW")
    harness.press(.tab)
    #expect(harness.line == "SET a 1\nBGREWRITEAOF ")
    harness.write("\nGET us")
    harness.press(.tab)
    answerNames(["user:1"], in: &harness)
    #expect(harness.line == "SET a 1\nBGREWRITEAOF \nGET user:1 ")
  }

  // MARK: - Hints

  @Test("what is still due stands behind the cursor, and what the command does in the footer") func hints() {
    var harness = Harness.console()
    harness.write("HSET")
    #expect(harness.row("> HSET").contains("key"))
    harness.write(" ")
    #expect(harness.row("> HSET").contains("key"))
    #expect(harness.row("> HSET").contains("field value"))
    harness.write("user:1 name ")
    #expect(!harness.row("> HSET user:1 name").contains("key"))
    #expect(harness.row("> HSET user:1 name").contains("value"))
    #expect(!harness.frame().trimmedRows()[35].isEmpty)
    // In the middle of the line there is no room for them.
    harness.press(.home)
    #expect(!harness.row("> HSET user:1 name").contains("value"))
  }

  @Test("what is certainly wrong is said while it can be changed") func problems() {
    var harness = Harness.console()
    harness.write("HGTE ")
    #expect(harness.row("> HGTE").contains("did you mean HGET?"))
    harness.press(.control("u"))
    harness.write("GET a b")
    #expect(harness.row("> GET a b").contains("GET takes 1 argument"))
    harness.press(.control("u"))
    harness.write("every 1 ")
    #expect(!harness.row("> every 1").contains("no interval"))
  }

  @Test("where the server's own commands came, they count") func serverTable() {
    var harness = Harness.console()
    harness.answer(
      .consoleTable,
      .console(.commands(CommandTable([CommandSpec(name: "MYMOD.DO", summary: "does it", arity: 2)]))))
    harness.write("my")
    harness.press(.tab)
    #expect(harness.line == "mymod.do ")
    #expect(harness.text.contains("does it"))
  }

  @Test("the server is asked for its commands once, and once more after a reconnect") func asksOnce() {
    var harness = Harness.console()
    harness.press(.escape, .character(":"))
    #expect(harness.requests(.consoleTable).isEmpty)
    harness.send(.notice(.session(2)))
    #expect(harness.requests(.consoleTable) == [.console(.commands)])
  }
}
