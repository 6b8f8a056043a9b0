import Testing

@testable import Commands

@Suite("What is still due")
struct CommandHintTests {
  static let table = CommandTable(Array(CommandTable.builtIn.specs.values))

  /// A line that ends in a letter ends in a word.
  static func hint(_ line: String, _ table: CommandTable = table) -> CommandHint {
    CommandHint(for: SplitLine(line), endsInWord: !line.hasSuffix(" "), table: table)
  }

  /// `*` before what is next.
  static func due(_ line: String) -> String {
    hint(line).due.map { ($0.isNext ? "*" : "") + $0.text }.joined(separator: " ")
  }

  @Test(arguments: [
    ("", ""), ("GE", ""), ("GET", "key"), ("get ", "*key"), ("GET a", "*key"), ("GET a ", ""),
    ("5 every 1s get ", "*key"), ("5 ", "*command"), ("every ", "*interval command"),
    ("every 1s ", "*command"),
    ("CONFIG", "subcommand"), ("CONFIG ", "*subcommand"), ("CONFIG SE", "*subcommand"),
    ("CONFIG GET", "parameter [parameter ...]"), ("CONFIG GET ", "*parameter [parameter ...]"),
    ("COMMAND ", "*[subcommand]"),
    ("EXPIRE k 1 ", "*[NX | XX | GT | LT]"), ("EXPIRE k 1 N", "*[NX | XX | GT | LT]"),
    ("EXPIRE k 1 NX ", ""),
    ("ZRANGE k 0 1 ", "*[BYSCORE | BYLEX] *[REV] *[LIMIT offset count] *[WITHSCORES]"),
    ("ZRANGE k 0 1 w", "[BYSCORE | BYLEX] [REV] [LIMIT offset count] *[WITHSCORES]"),
    ("ZRANGE k 0 1 REV LIMIT ", "*offset count [BYSCORE | BYLEX] [WITHSCORES]"),
    ("ZRANGE k 0 1 REV LIMIT 1 1 ", "*[BYSCORE | BYLEX] *[WITHSCORES]"),
    ("HSET k f ", "*value [field value ...]"), ("HSET k f v ", "*[field value ...]"),
    ("HSET k f v g ", "*value [field value ...]"),
    ("XREAD STREAMS ", "*key [key ...] id [id ...]"),
    ("XREAD STREAMS a ", "*[key ...] *id [id ...]"),
    ("XREAD STREAMS a b ", "*[key ...] *[id ...]"),
    ("EVAL s 2 ", "*key [key ...] [arg ...]"), ("EVAL s 2 a ", "*key [arg ...]"),
    ("EVAL s 0 ", "*[arg ...]"),
    ("EVAL s 2 a b ", "*[arg ...]"), ("HEXPIRE k 1 FIELDS 2 f ", "*field"),
    ("HEXPIRE k 1 FIELDS 1 f ", ""),
    ("BLPOP a ", "*[key ...] *timeout"), ("BLPOP a b ", "*[key ...] *timeout"),
    ("BLPOP a b 0 ", ""),
    (
      "CLUSTER MIGRATESLOTS SLOTSRANGE 1 2 3 ",
      "*end-slot [start-slot end-slot ...] NODE node-id"
        + " [SLOTSRANGE start-slot end-slot [start-slot end-slot ...] NODE node-id ...]"
    ), ("AUTH ", "*[username] *password"), ("AUTH a b ", ""),
    ("LINSERT k ", "*<BEFORE | AFTER> pivot element"), ("REPLICAOF ", "*<host port | NO ONE>"),
    ("REPLICAOF no ", "*ONE"), ("REPLICAOF h ", "*port"),
    ("GEOADD k 1 2 ", "*member [longitude latitude member ...]"),
    (
      "SET \"a b\" 'v ",
      "*value [NX | XX] [GET] [EX seconds | PX milliseconds | EXAT unix-time-seconds"
        + " | PXAT unix-time-milliseconds | KEEPTTL]"
    ),
    (
      "SORT k GET a ",
      "*[GET get-pattern ...] *[BY by-pattern] *[LIMIT offset count] *[ASC | DESC] *[ALPHA]"
        + " *[STORE destination]"
    ),
    ("XADD s * ", "*field value [field value ...]"),
    ("XADD s MAXLEN 5 * f ", "*value [field value ...]"),
    (
      "BITFIELD k SET ",
      "*encoding offset value [<GET encoding offset | [OVERFLOW <WRAP | SAT | FAIL>]"
        + " <SET encoding offset value | INCRBY encoding offset increment>> ...]"
    ),
    ("XPENDING k g ", "*[[IDLE min-idle-time] start end count [consumer]]"),
    ("XPENDING k g IDLE 5 - ", "*end count [consumer]"), ("PING ", "*[message]"),
  ])
  func due(line: String, due: String) {
    #expect(CommandHintTests.due(line) == due)
    #expect(CommandHintTests.hint(line).problem == nil)
  }

  @Test(arguments: [
    ("GTE ", "GTE: no such command; did you mean GET?"), ("XYZZYX a", "XYZZYX: no such command"),
    ("GTE \"", "GTE: no such command; did you mean GET?"),
    ("CONFIG GTE ", "CONFIG GTE: no such subcommand; did you mean CONFIG GET?"),
    ("COMMAND NOTHING a", "COMMAND NOTHING: no such subcommand"),
    ("GET a b", "GET takes 1 argument"), ("GETRANGE a 1 2 3 ", "GETRANGE takes 3 arguments"),
    ("DBSIZE x", "DBSIZE takes no arguments"), ("OBJECT FREQ a b", "OBJECT FREQ takes 1 argument"),
    ("EVAL s x ", "numkeys is a whole number"), ("EXPIRE k 1.5 ", "seconds is a whole number"),
    ("ZADD k x m ", "score is a number"), ("SET k v EX soon ", "seconds is a whole number"),
    ("SET k v FOO ", "FOO: SET takes no such argument here"),
    ("EXPIRE k 1 NX a ", "a: EXPIRE takes no such argument here"),
    ("GTE", "GTE: no such command; did you mean GET?"),
    ("LINSERT k UNDER ", "UNDER: LINSERT takes no such argument here"),
    ("\"\u{202E}\" ", #""\xe2\x80\xae": no such command"#), ("0 GET ", "0: a count is 1 or more"),
    ("every 5x ", "5x is no interval; write it as 500ms, 1s or 2m"),
    ("every 1ms GET a", "1ms: an interval is at least 100ms"),
  ])
  func problems(line: String, problem: String) {
    #expect(CommandHintTests.hint(line).problem == problem)
  }

  @Test(
    "a word that is still typed, or may be another argument, is no problem yet",
    arguments: [
      "GE", "eve", "12", "CONFIG GTE", "EVAL s x", "SET k v FOO", "BLPOP a b ", "ZADD k inf m ",
      "SCAN 18446744073709551615 ",
      "SET k v NX XX ", "EVAL s -1 a b ", "AUTH a ",
    ])
  func noProblems(line: String) {
    #expect(CommandHintTests.hint(line).problem == nil)
  }

  @Test("what only the built-in table does not know is not called wrong")
  func isCarefulWithoutTheServer() {
    #expect(CommandHintTests.hint("SET k v FOO ", .builtIn).problem == nil)
    #expect(CommandHintTests.hint("GET a b ", .builtIn).problem == "GET takes 1 argument")
    #expect(
      CommandHintTests.hint("GTE a ", .builtIn).problem == "GTE: unknown command; did you mean GET?"
    )
  }

  @Test func summaries() {
    #expect(
      CommandHintTests.hint("GET").summary == CommandTable.builtIn.spec(named: "GET")?.summary)
    #expect(
      CommandHintTests.hint("config set a ").summary
        == CommandTable.builtIn.spec(named: "CONFIG SET")?.summary)
    #expect(CommandHintTests.hint("GTE ").summary == nil)
  }
}
