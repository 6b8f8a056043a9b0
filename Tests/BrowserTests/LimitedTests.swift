import Canvas
import Keyspace
import Requests
import Testing
import Values

@testable import Browser

/// What the user may not do, and what the server does not have, on the screen.
struct LimitedTests {
  private let info = Denial(command: "INFO", missingRule: "+info")
  private let memory = Denial(command: "MEMORY USAGE", missingRule: "+memory|usage")
  private let doctor = Denial(command: "OBJECT FREQ", missingRule: nil)

  private func withServer(_ harness: inout Harness) {
    var facts = ServerFacts()
    (facts.keys, facts.infoDenial) = (7, info)
    harness.answer(.header, .server(facts))
  }

  @Test func rowOneNamesWhatIsLimitedAndTheHelpExplainsIt() {
    var harness = Harness(["a"])
    #expect(!harness.text.contains("limited"))
    withServer(&harness)
    harness.send(.notice(.limits([info, memory, doctor])))
    #expect(harness.text.contains("✗ limited (?): INFO, MEMORY, OBJECT"))
    harness.type("?")
    #expect(harness.text.contains("Limited on this server"))
    #expect(harness.text.contains("needs +memory|usage: no sizes"))
    #expect(harness.text.contains("not on this server, or renamed"))
    #expect(harness.text.contains("+info +memory|usage"))
    harness.press(.escape)
    // Granted since.
    harness.send(.notice(.limits([])))
    #expect(!harness.text.contains("limited"))
    harness.type("?")
    #expect(!harness.text.contains("Limited on this server"))
  }

  /// However narrow: what does not fit of the names is cut, not the whole.
  @Test(arguments: [80, 70, 66]) func fitsNarrowScreens(width: Int) {
    var harness = Harness(["a"], size: Size(width: width, height: 24))
    withServer(&harness)
    harness.send(
      .notice(
        .limits(
          ["CLIENT TRACKING", "DBSIZE", "GETRANGE", "HLEN", "HSCAN"].map {
            Denial(command: $0, missingRule: "+x")
          })))
    #expect(harness.text.contains("✗ limited (?): CLIENT"), "\(harness.text)")
    harness.type("T")
    #expect(harness.text.contains("✗ limited (?): CLIENT"), "\(harness.text)")
  }

  /// Where nothing can be listed, nothing is said to expire: no count is 0 that is not known.
  @Test func theMonitorCountsNothingWhereNothingIsListed() {
    var harness = Harness()
    let scan = Denial(command: "SCAN", missingRule: "+scan")
    harness.send(.notice(.scan(ScanProgress(database: 0, phase: .denied, denial: scan))))
    withServer(&harness)
    harness.type("T")
    #expect(harness.text.contains("SCAN needs +scan"))
    #expect(!harness.text.contains("no stampede") && !harness.text.contains("0%"), "\(harness.text)")
  }

  @Test func aListThatIsDeniedSaysWhatIsMissing() {
    var harness = Harness()
    func deny(_ rule: String?, _ harness: inout Harness) {
      let denial = Denial(command: "SCAN", missingRule: rule)
      harness.send(.notice(.scan(ScanProgress(database: 0, phase: .denied, denial: denial))))
    }
    deny("+scan", &harness)
    #expect(harness.text.contains("✗ NOPERM: SCAN needs the ACL rule +scan"))
    #expect(harness.text.contains("O opens a key by its exact name"))
    deny(nil, &harness)
    #expect(harness.text.contains("this server has no SCAN: it may be renamed or disabled"))
    #expect(harness.text.contains("✗ no SCAN here: O opens a name"))
  }

  /// An error of another kind is shown in the server's words.
  @Test func aScanThatFailsOtherwiseIsNotCalledDenied() {
    var harness = Harness()
    harness.send(
      .notice(
        .scan(
          ScanProgress(
            database: 0, phase: .denied, denial: Denial(command: "SCAN", missingRule: nil),
            trouble: Array("ERR the moon is full".utf8)))))
    #expect(harness.text.contains("ERR the moon is full") && !harness.text.contains("SCAN"))
  }

  /// Nobody waits for an answer that was a refusal.
  @Test func theListOfDatabasesIsLeftWhereItIsRefused() {
    var harness = Harness(["a"])
    harness.type("b")
    #expect(harness.text.contains("asking the server"))
    harness.answer(
      .databases,
      .failed(
        Failure(
          kind: .denied(info), what: "databases", why: Array("neither INFO nor DBSIZE may be run".utf8),
          nextStep: "Ask for +info")))
    #expect(!harness.text.contains("asking the server"))
    #expect(harness.text.contains("databases: neither INFO nor DBSIZE may be run. Ask for +info"))
  }

  /// TYPE is denied: what a key is was found out when it was opened, and stays so while it is open.
  @Test func theTypeOfTheOpenKeyStays() {
    var harness = Harness(["a", "b"])
    harness.press(.enter)
    harness.open("a", .string, .string(StringPage(length: 1, offset: 0, bytes: [0x78])))
    let denial = Denial(command: "TYPE", missingRule: "+type")
    let facts = ["a", "b"].map {
      KeyFacts(name: KeyName($0), type: .denied(denial), deadline: .known(.persistent), size: .known(60))
    }
    harness.send(.notice(.changed(["a", "b"].map { KeyName($0) })))
    harness.advance(1_000)
    harness.answer(.facts, .facts(facts, clock: Harness.clock))
    #expect(harness.state.list.seen[KeyName("a")]?.facts.type == .known(.string))
    #expect(harness.state.list.seen[KeyName("b")]?.facts.type == .denied(denial))
  }
}
