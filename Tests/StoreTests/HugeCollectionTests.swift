import Keyspace
import Requests
import Store
import TestSupport
import Testing
import Values

/// The rows 36 and 37 of the table of faults, but for the string (``ValueTests``).
struct HugeCollectionTests {
  private static let count = Campaign.isOn ? 10_000_000 : 200_000

  /// Filled in parts: no script may keep the server for long.
  private static func fill(_ server: TestServer, _ command: String, _ words: String) throws {
    let script = "for i=ARGV[1],ARGV[2] do redis.call('\(command)',KEYS[1],\(words)) end"
    for start in stride(from: 1, through: count, by: 100_000) {
      let reply = try server.cli("EVAL", script, "1", "huge", String(start), String(start + 99_999))
      guard !reply.hasPrefix("ERR") else { throw TestFailure(reply) }
    }
  }

  @Test(
    "fault 37: of a collection of ten million elements a page is read, and their number",
    arguments: [("HSET", "'f'..i,i"), ("RPUSH", "i"), ("SADD", "'m'..i"), ("ZADD", "i,'m'..i")])
  func onePage(_ command: String, _ words: String) async throws {
    let server = try TestServer()
    try Self.fill(server, command, words)
    let harness = try await Harness(server)
    let opened = try await harness.opened("huge", pageLength: 100)
    let (length, shown): (Int?, Int)
    switch opened.page {
    case .hash(let page)?: (length, shown) = (page.length, page.fields.count)
    case .list(let page)?: (length, shown) = (page.length, page.elements.count)
    case .set(let page)?: (length, shown) = (page.length, page.members.count)
    case .sortedSet(let page)?: (length, shown) = (page.length, page.entries.count)
    default: throw TestFailure("another answer")
    }
    #expect(length == Self.count)
    // SCAN may tell a few more than it was asked for.
    #expect((1..<1_000).contains(shown))
    for whole in ["HGETALL", "HKEYS", "SMEMBERS", "SORT", "DUMP"] { #expect(harness.commands[whole] == nil) }
    #expect(harness.commands.values.allSatisfy { $0 <= 4 })
  }
}
