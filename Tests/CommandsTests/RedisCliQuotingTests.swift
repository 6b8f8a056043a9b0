import Commands
import Glibc
import PrivateServer
import TestSupport
import Testing

/// The rules of quoting are redis-cli's: what it splits a line into was asked of it.
@Suite("Quoting, as redis-cli") struct RedisCliQuotingTests {
  private static let lines = 6_000

  @Test("6,000 random lines are split into the words that redis-cli splits them into")
  func sameWords() throws {
    let server = try TestServer()
    let folder = try TestFolder.make()
    defer { TestFolder.remove(folder) }
    let lines = RandomLines.make(seed: 7, count: Self.lines)
    // Each line is the end of a command, so that what redis-cli makes of it stands in a list of its own.
    let script = lines.enumerated().map { "RPUSH list:\($0.offset) begin \($0.element)\n" }.joined()
    let file = folder + "/lines"
    try write(Array(script.utf8), to: file)
    _ = try Run.output(["/bin/sh", "-c", "redis-cli -s '\(server.socketPath)' < '\(file)'"])
    var batch = ServerBatch()
    for number in lines.indices { batch.add("LRANGE", "list:\(number)", "1", "-1") }
    let replies = try server.pipeline(batch)
    var wellFormed = 0
    for (number, line) in lines.enumerated() {
      let split = SplitLine("x " + line)
      let words = split.mistake == nil ? split.words.dropFirst().map(\.bytes) : []
      if split.mistake == nil { wellFormed += 1 }
      guard case .array(let elements?) = replies[number] else {
        Issue.record("no list for \(line)")
        continue
      }
      #expect(Self.bytes(elements) == words, "\(line)")
    }
    #expect(wellFormed > Self.lines / 2)
    #expect(wellFormed < Self.lines)
  }

  private static func bytes(_ elements: [ServerReply]) -> [[UInt8]] {
    elements.map { if case .bulk(let bytes?) = $0 { bytes } else { Array($0.text.utf8) } }
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard file >= 0 else { throw TestFailure.system("open") }
    defer { close(file) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      guard count > 0 else { throw TestFailure.system("write") }
      rest = rest.dropFirst(count)
    }
  }
}
