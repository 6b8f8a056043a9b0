import Testing

@testable import Commands

@Suite("What can be completed")
struct CompletionTests {
  /// The cursor stands at `^`, or at the end.
  static func complete(_ line: String) -> Completion {
    let parts = line.split(separator: "^", omittingEmptySubsequences: false)
    return Completion(line: parts.joined(), cursor: parts[0].utf8.count, table: .builtIn)
  }

  @Test(arguments: [
    ("getr", ["getrange"]), ("GETR", ["GETRANGE"]), ("Getr", ["GETRANGE"]),
    ("5 getr", ["getrange"]),
    ("eve", ["every"]), ("EVE", ["EVERY"]), ("every 1s eve", []), ("nothing", []),
    ("CONFIG re", ["resetstat", "rewrite"]),
    ("config ", ["GET", "HELP", "RESETSTAT", "REWRITE", "SET"]),
    ("SET k v e", ["ex", "exat"]), ("SET k v EX", ["EX", "EXAT"]),
    ("SET k v EX 1 ", ["NX", "XX", "GET"]),
    ("SET k ", []), ("LINSERT k ", ["BEFORE", "AFTER"]), ("XREAD ", ["COUNT", "BLOCK", "STREAMS"]),
    ("XADD s MAXLEN ", ["=", "~"]), ("SET k v \"e", ["\"ex\"", "\"exat\""]),
    ("SET k v 'ex", ["'ex'", "'exat'"]),
    ("MIGRATE h 1 ", ["\"\""]), ("MIGRATE h 1 \"", ["\"\""]), ("CONFIG NOTHING ", []),
    ("\"a\"b", []), ("GTE ", []),
    (
      "ge^tr",
      [
        "geoadd", "geodist", "geohash", "geopos", "georadius", "georadiusbymember",
        "georadiusbymember_ro",
        "georadius_ro", "geosearch", "geosearchstore", "get", "getbit", "getdel", "getex",
        "getrange", "getset",
      ]
    ),
  ])
  func candidates(line: String, texts: [String]) {
    #expect(CompletionTests.complete(line).candidates.map(\.text) == texts)
  }

  @Test(
    arguments: [
      ("", [.command, .repetitionWord]), ("5 ", [.command, .repetitionWord]),
      ("every ", [.repetitionWord]),
      ("every 1s ", [.command]), ("CONFIG ", [.subcommand(of: "CONFIG")]),
      ("GET ", [.key(isWrite: false)]),
      ("SET ", [.key(isWrite: true)]), ("EVAL s 1 ", [.key(isWrite: nil)]), ("SET k v ", [.option]),
      ("SET k ", [.nothing]),
      ("HGET h ", [.field(ofKey: [0x68])]), ("HSET h f v ", [.field(ofKey: [0x68])]),
      ("hset h f ", [.nothing]),
      ("ZSCORE z ", [.member(ofKey: [0x7A])]), ("SMOVE a b ", [.member(ofKey: [0x61])]),
      ("BLPOP a ", [.key(isWrite: true)]), ("ZADD z ", [.option]),
      ("MIGRATE h 1 ", [.key(isWrite: true), .option]),
      ("HEXPIRE h 1 FIELDS 1 ", [.field(ofKey: [0x68])]), ("GEODIST g ", [.member(ofKey: [0x67])]),
      ("OBJECT FREQ ", [.key(isWrite: false)]), ("XREAD STREAMS a ", [.key(isWrite: false)]),
      ("GTE ", [.nothing]),
      ("GET \"a", [.key(isWrite: false)]), ("GET \"a\"b", [.nothing]),
      ("CONFIG NOTHING ", [.nothing]),
    ] as [(String, [Completion.Subject])])
  func subjects(line: String, subjects: [Completion.Subject]) {
    #expect(CompletionTests.complete(line).subjects == subjects)
  }

  @Test(
    arguments: [
      ("GET us^", 4..<6, "us", nil), ("GET us^er x", 4..<8, "us", nil), ("GET ^", 4..<4, "", nil),
      ("GET ^a", 4..<4, "", nil),
      ("GET \"a b^", 4..<8, "a b", 0x22), ("GET \"a^ b\" c", 4..<9, "a", 0x22),
      ("GET 'a^ b", 4..<6, "a", 0x27),
      ("GET \"\\x41^", 4..<9, "A", 0x22), ("GET \"a\"^", 4..<7, "a", 0x22),
      ("GET é^", 4..<6, "é", nil),
      ("GET a\"b^", 4..<7, "ab", nil), ("^GET", 0..<0, "", nil),
    ] as [(String, Range<Int>, String, UInt8?)])
  func wordsUnderTheCursor(line: String, range: Range<Int>, typed: String, quote: UInt8?) {
    let completion = CompletionTests.complete(line)
    #expect(completion.range == range)
    #expect(completion.typed == Array(typed.utf8))
    #expect(completion.quote == quote)
  }

  @Test("a candidate says what it is")
  func details() {
    #expect(
      CompletionTests.complete("GETR").candidates.map(\.detail) == [
        CommandTable.builtIn.spec(named: "GETRANGE")?.summary
      ])
    #expect(
      CompletionTests.complete("SET k v EX").candidates.map(\.detail) == [
        "EX seconds", "EXAT unix-time-seconds",
      ])
    #expect(
      CompletionTests.complete("GEOSEARCH g FROML").candidates.map(\.detail) == [
        "FROMLONLAT longitude latitude"
      ])
    #expect(CompletionTests.complete("SET k v NX").candidates.map(\.detail) == [""])
  }

  @Test("without known arguments, keys are found by their places")
  func byPlace() {
    let table = CommandTable([
      CommandSpec(name: "ALL", keys: .init(first: 1, last: -1, step: 1)),
      CommandSpec(name: "ONE", flags: ["write"], keys: .init(first: 1, last: 1, step: 1)),
    ])
    for (line, subjects) in [
      ("ALL a ", [.key(isWrite: nil)]), ("ONE ", [.key(isWrite: true)]), ("ONE a ", [.nothing]),
    ] as [(String, [Completion.Subject])] {
      #expect(Completion(line: line, cursor: line.utf8.count, table: table).subjects == subjects)
    }
  }
}
