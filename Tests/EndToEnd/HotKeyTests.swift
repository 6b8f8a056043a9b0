import PrivateServer
import Synchronization
import TestSupport
import Testing

/// Edits on the screen while somebody else writes about a thousand times a second to the same keys.
@Suite("Hot keys on the screen", .serialized) struct HotKeyTests {
  @Test func editsAmongAThousandWritesASecond() throws {
    let server = try TestServer()
    try server.cli("HSET", "hash", "f", "0", "other", "0")
    try server.cli("PEXPIREAT", "hash", "4102444800123")
    try server.cli("RPUSH", "list", "a", "b", "c")
    let isOver = Mutex(false)
    let writer = WorkerThread {
      var count = 0
      while !isOver.withLock({ $0 }) {
        count += 1
        _ = try? server.pipeline([["HSET", "hash", "other", "\(count)"], ["LSET", "list", "2", "\(count)"]])
      }
    }
    defer {
      isOver.withLock { $0 = true }
      writer.join()
    }
    let program = try Keyglass()
    // Twice at once: the second edit is about what the first has left.
    let script = """
      size 100x30
      key O
      type hash
      key Enter
      wait-for FIELD
      key e C-u
      type one
      key Enter
      wait-for changed field f
      key e C-u
      type two
      key Enter
      wait-for ▌f +two
      expect-redis ^two$ HGET hash f
      key u
      wait-for undo:
      expect-redis ^one$ HGET hash f
      expect-redis ^4102444800123$ PEXPIRETIME hash
      key O
      type list
      key Enter
      wait-for INDEX
      key j e C-u
      type mine
      key Enter
      wait-for changed element 1
      expect-redis ^mine$ LINDEX list 1
      quit

      """
    let result = try program.run(["-s", server.socketPath, "--script", try program.write(script, as: "hot.keys")])
    #expect(result.status == 0, "\(result.output)")
  }
}
