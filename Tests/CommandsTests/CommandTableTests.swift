import Testing

@testable import Commands

@Suite("The table of commands")
struct CommandTableTests {
  let table = CommandTable.builtIn

  @Test("a line of the file becomes a command")
  func reads() throws {
    let line =
      "CONFIG SET\t2.0.0\tserver\t-4\tadmin,noscript\t0,0,0\t{parameter value}...\tchange settings\n"
    let spec = try #require(CommandTable.specs(in: Array((line + "broken\tline\n\n").utf8)).first)
    #expect(
      spec
        == CommandSpec(
          name: "CONFIG SET", summary: "change settings", since: "2.0.0", group: "server",
          arity: -4,
          flags: ["admin", "noscript"],
          arguments: [
            Argument(
              .block([
                Argument(.value(name: "parameter", type: .string)),
                Argument(.value(name: "value", type: .string)),
              ]), isMultiple: true)
          ]))
  }

  @Test(arguments: ["[a", "a]", "[a}", "...", "[]", "{a |}", "a ... ...", "| a"])
  func otherTextIsNoSyntax(text: String) {
    #expect(SyntaxReader.arguments(text) == nil)
  }

  @Test func names() {
    #expect(table.spec(named: "get")?.name == "GET")
    #expect(table.spec(named: "config|Set")?.name == "CONFIG SET")
    #expect(table.spec(named: "CONFIG GTE") == nil)
    #expect(table.isContainer("config"))
    #expect(!table.isContainer("GET"))
    for (line, name, words) in [
      ("get a", "GET", 1), ("Config Set a b", "CONFIG SET", 2), ("CONFIG", "CONFIG", 1),
      ("CONFIG nothing", "CONFIG", 1),
      ("COMMAND", "COMMAND", 1), ("COMMAND DOCS", "COMMAND DOCS", 2),
    ] {
      let match = table.match(line.utf8Words)
      #expect(match?.spec.name == name)
      #expect(match?.nameWords == words)
    }
    #expect(table.match([]) == nil)
    #expect(table.match([Array("CONFIG GET".utf8)]) == nil)
    #expect(table.match([[0xFF]]) == nil)
  }

  @Test(
    arguments: [
      ("GTE", "GET"), ("gt", "GET"), ("LPSUH", "LPUSH"), ("ZRANGEBYSCRE", "ZRANGEBYSCORE"),
      ("CONFIG GTE", "CONFIG GET"),
      ("CONFG GET", "CONFIG GET"), ("CONFG", "CONFIG"), ("hgetal", "HGETALL"),
      ("cofnig gte", "CONFIG GET"),
      ("GET", nil), ("CONFIG GET", nil), ("XYZZYX", nil), ("", nil), ("CONFIG XYZZY", nil),
      ("QQ", nil), ("GET x", nil),
    ] as [(String, String?)])
  func suggests(name: String, suggestion: String?) {
    #expect(table.suggestion(for: name) == suggestion)
  }

  @Test(arguments: [
    ("GET a", "a"), ("MSET a 1 b 2", "a b"), ("DEL a b c", "a b c"), ("BLPOP a b 0", "a b"),
    ("GET", ""),
    ("EVAL s 2 a b c", "a b"), ("EVAL s 0 a", ""), ("EVAL s 9 a b", "a b"),
    ("ZUNIONSTORE d 2 a b WEIGHTS 1 2", "d a b"),
    ("XREAD COUNT 2 STREAMS a b 0 0", "a b"), ("xread streams a b 0", "a b"),
    ("XREADGROUP GROUP g c STREAMS a >", "a"),
    ("SORT a BY w_* GET # STORE d", "a d"), ("MIGRATE h 1 \"\" 0 10 KEYS a b", "a b"),
    ("MIGRATE h 1 a 0 10", "a"),
    ("OBJECT ENCODING a", "a"), ("MEMORY USAGE a SAMPLES 0", "a"), ("PUBLISH a b", ""),
    ("SSUBSCRIBE a", ""),
    ("GEORADIUS a 1 2 3 km STORE d", "a d"), ("SMOVE a b m", "a b"), ("NOTHING a", ""),
    ("LMPOP 2 a b LEFT", "a b"),
    ("BITOP AND d a b", "d a b"), ("MSETEX 2 a 1 b 2 EX 10", "a b"), ("SET NX EX", "NX"),
    ("CONFIG GET a", ""),
  ])
  func findsKeys(line: String, keys: String) {
    #expect(table.keys(of: SplitLine(line).words.map(\.bytes)) == keys.utf8Words)
  }

  @Test("where arguments are not known, the server's places count")
  func keysByPlace() {
    let table = CommandTable([
      CommandSpec(name: "ONE", arity: -2, keys: .init(first: 1, last: -2, step: 1)),
      CommandSpec(name: "TWO", arity: -2, keys: .init(first: 1, last: -1, step: 2)),
      CommandSpec(name: "SUB one", arity: -2, keys: .init(first: 2, last: 2, step: 1)),
      CommandSpec(name: "BAD", keys: .init(first: 1, last: 9, step: 0)),
    ])
    #expect(table.keys(of: "one a b c".utf8Words) == "a b".utf8Words)
    #expect(table.keys(of: "TWO a 1 b 2".utf8Words) == "a b".utf8Words)
    #expect(table.keys(of: "sub ONE a b".utf8Words) == "a".utf8Words)
    #expect(table.keys(of: "sub ONE".utf8Words) == [])
    #expect(table.keys(of: "BAD a b".utf8Words) == [])
  }

  @Test("what a server says of its commands counts, and what it does not say stays")
  func merges() throws {
    let replaced = [Argument(.value(name: "key", type: .key)), Argument(.token, token: "NEW")]
    let server = [
      CommandSpec(name: "get", arity: -2, flags: ["readonly"], arguments: replaced),
      CommandSpec(name: "set", summary: "the server's words", arity: -3),
      CommandSpec(name: "config", arity: -2), CommandSpec(name: "xgroup", arity: -2),
      CommandSpec(name: "xgroup|create", arity: -5),
      CommandSpec(name: "my.own", summary: "own", arity: 1),
    ]
    let some = table.merged(with: server, isComplete: false)
    #expect(some.spec(named: "GET")?.arguments == replaced)
    #expect(some.spec(named: "GET")?.summary == table.spec(named: "GET")?.summary)
    #expect(some.spec(named: "SET")?.summary == table.spec(named: "SET")?.summary)
    #expect(some.spec(named: "SET")?.arguments == table.spec(named: "SET")?.arguments)
    #expect(some.spec(named: "MY.OWN")?.summary == "own")
    #expect(some.spec(named: "DEL") != nil)
    let all = table.merged(with: server, isComplete: true)
    #expect(all.spec(named: "DEL") == nil)
    #expect(all.spec(named: "MY.OWN") != nil)
    // The server lists subcommands of the one, and none of the other.
    #expect(all.spec(named: "CONFIG GET") != nil)
    #expect(all.spec(named: "XGROUP CREATE") != nil)
    #expect(all.spec(named: "XGROUP SETID") == nil)
    #expect(all.spec(named: "CLIENT LIST") == nil)
  }

  @Test("types that servers say wrongly are set right when their words are taken over")
  func keepsTypes() {
    let said = [
      Argument(.value(name: "key", type: .key)), Argument(.value(name: "increment", type: .int)),
      Argument(.value(name: "member", type: .string)),
    ]
    let table = table.merged(
      with: [CommandSpec(name: "ZINCRBY", arity: 4, arguments: said)], isComplete: false)
    #expect(
      CommandHint(for: SplitLine("ZINCRBY k 1.5 "), endsInWord: false, table: table).problem == nil)
    #expect(
      CommandHint(for: SplitLine("ZINCRBY k x "), endsInWord: false, table: table).problem
        == "increment is a number")
  }
}
