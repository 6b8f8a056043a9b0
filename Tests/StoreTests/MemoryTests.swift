import Keyspace
import Requests
import Store
import TestSupport
import Testing
import Values

@Suite(.serialized) struct MemoryTests {
  private func folders(_ harness: Harness, _ prefixes: KeyName...) async throws -> [FolderFacts] {
    let answer = await harness.store.answer(.folders(prefixes, filter: nil))
    guard case .folders(let facts) = answer else { throw TestFailure("no folders: \(answer)") }
    return facts
  }

  /// What the server itself says of every key, added up.
  private func usage(_ server: TestServer, _ prefix: String) throws -> Int {
    let script =
      "local n=0 for _,k in ipairs(redis.call('KEYS',ARGV[1])) do n=n+redis.call('MEMORY','USAGE',k) end return n"
    let reply = try server.cli("EVAL", script, "0", prefix + "*")
    guard let sum = Int(reply.filter(\.isNumber)) else { throw TestFailure(reply) }
    return sum
  }

  /// Keys of very different sizes, in three folders.
  private func filled() throws -> TestServer {
    let server = try TestServer()
    try server.populate(3_000, prefix: "small")
    try server.pipeline(
      (0..<1_000).map { ["SET", "page:\($0)", String(repeating: "x", count: 100 + $0 * 7 % 4_000)] }
        + (0..<200).flatMap { key in (0..<10).map { ["HSET", "cart:eu:\(key)", "field:\($0)", "value of \($0)"] } })
    return server
  }

  @Test func sumsAreThoseOfMemoryUsage() async throws {
    let server = try filled()
    let harness = try await Harness(server)
    try await harness.scan()
    _ = await harness.store.answer(.sweep(.size, sampleAbove: 1_000_000))
    #expect(await eventually { harness.lastScan?.sweep?.isDone == true })
    #expect(harness.lastScan?.sweep?.sampledFrom == nil && harness.lastScan?.sweep?.known == 4_200)
    for folder in try await folders(harness, "", "small:", "page:", "cart:", "cart:eu:") {
      #expect(folder.isSizeExact)
      #expect(try folder.bytes == usage(server, String(decoding: folder.prefix.bytes, as: UTF8.self)))
    }
    // What was read is not read again.
    let sent = harness.commands["MEMORY"] ?? harness.commands["MEMORY USAGE"] ?? 0
    _ = await harness.store.answer(.sweep([]))
    _ = await harness.store.answer(.sweep(.size, sampleAbove: 1_000_000))
    #expect(await eventually { harness.lastScan?.sweep?.isDone == true })
    #expect(harness.commands["MEMORY"] ?? harness.commands["MEMORY USAGE"] ?? 0 == sent)
  }

  /// The names decide which keys are picked: the same ones in every run.
  @Test func aSampleIsOffByNoMoreThanItSays() async throws {
    let server = try filled()
    let harness = try await Harness(server)
    try await harness.scan()
    _ = await harness.store.answer(.sweep(.size, sampleAbove: 800))
    #expect(await eventually { harness.lastScan?.sweep?.isDone == true })
    let progress = try #require(harness.lastScan?.sweep)
    #expect(progress.sampledFrom == 4_200 && (600...1_000).contains(progress.total))
    #expect(progress.known == progress.total)
    for folder in try await folders(harness, "", "small:", "page:", "cart:eu:") {
      #expect(!folder.isSizeExact && folder.sized == folder.sampled)
      let real = try usage(server, String(decoding: folder.prefix.bytes, as: UTF8.self))
      let (told, error) = (try #require(folder.estimatedBytes), try #require(folder.sizeError))
      #expect(abs(Double(told - real)) <= error + 1, "\(folder.prefix): \(told) ± \(error), in truth \(real)")
      #expect(error < Double(real) / 4)
    }
    // Then all: those of the sample are not read again.
    let sent = harness.commands["MEMORY"] ?? harness.commands["MEMORY USAGE"] ?? 0
    _ = await harness.store.answer(.sweep(.size))
    #expect(await eventually { harness.lastScan?.sweep.map { $0.isDone && $0.sampledFrom == nil } ?? false })
    #expect(try await folders(harness, "")[0].isSizeExact)
    #expect(harness.commands["MEMORY"] ?? harness.commands["MEMORY USAGE"] ?? 0 <= 4_200 + sent - progress.known)
  }

  /// A key that was looked at is no part of the sample: it counts for itself, and for no other.
  @Test func whatWasSeenDoesNotBendTheSample() async throws {
    let server = try filled()
    try server.cli("SET", "page:huge", String(repeating: "x", count: 1 << 20))
    let harness = try await Harness(server)
    try await harness.scan()
    _ = try await harness.facts("page:huge")
    _ = await harness.store.answer(.sweep(.size, sampleAbove: 800))
    #expect(await eventually { harness.lastScan?.sweep?.isDone == true })
    let page = try await folders(harness, "page:")[0]
    let real = try usage(server, "page:")
    #expect(abs(Double(try #require(page.estimatedBytes) - real)) < Double(real) / 5)
  }

  @Test func deniedSizesAreToldWithTheirRule() async throws {
    let server = try TestServer.withUser("+@all", "-memory|usage")
    try server.populate(2_000)
    let harness = try await Harness(server, user: "limited", password: "pw")
    try await harness.scan()
    _ = await harness.store.answer(.sweep(.size, sampleAbove: 1_000_000))
    #expect(await eventually { harness.lastScan?.denial?.command == "MEMORY USAGE" })
    #expect(harness.lastScan?.denial?.missingRule == "+memory|usage")
    #expect(try await folders(harness, "key:")[0].estimatedBytes == nil)
  }

  /// `R`: what was read before is read again, and does not count as known until it was.
  @Test func rescanningReadsSizesAgain() async throws {
    let server = try filled()
    let harness = try await Harness(server)
    try await harness.scan()
    _ = await harness.store.answer(.sweep(.size))
    #expect(await eventually { harness.lastScan?.sweep?.isDone == true })
    try server.cli("SET", "page:0", String(repeating: "x", count: 1 << 20))
    _ = await harness.store.answer(.rescan)
    let isRight: () async -> Bool = {
      guard let page = try? await self.folders(harness, "page:").first, page.isSizeExact else { return false }
      return (try? page.bytes == self.usage(server, "page:")) ?? false
    }
    #expect(await eventually(isRight))
    #expect(try await folders(harness, "")[0].bytes == usage(server, ""))
  }
}
