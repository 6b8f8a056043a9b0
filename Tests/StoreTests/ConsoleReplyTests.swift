import CPlatform
import Glibc
import PrivateServer
import RESP
import RedisClient
import Requests
import Store
import TestSupport
import Testing

/// What the console keeps of replies, and how it gives them out.
@Suite("Replies in the console", .serialized) struct ConsoleReplyTests {
  private func element(_ harness: ConsoleHarness, _ id: Int, _ line: Int) async -> String? {
    guard
      case .console(.document(let bytes, _)) = await harness.store.answer(
        .console(.document(reply: id, .element(line: line))))
    else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  private func find(
    _ text: String, in ids: [Int], from place: ReplyPlace, forward: Bool = true, _ harness: ConsoleHarness
  ) async -> ReplyPlace? {
    let answer = await harness.store.answer(
      .console(.find(bytes(text), in: ids, from: place, forward: forward)))
    guard case .console(.found(let found)) = answer else { return nil }
    return found
  }

  @Test("very many elements: their beginning at once, any page on request") func million() async throws {
    let server = try TestServer()
    // As many as a search without optimization is done with in a moment; the benchmark has a million always.
    let count = Campaign.isOn ? 1_000_000 : 200_000
    let last = "\(count)".count
    // Padded behind a blank, so that the reply outweighs what other tests do to the memory of the process.
    let script =
      "local pad = string.rep('.', 10) for i = 0, \(count - 1) do redis.call('RPUSH', 'l', 'element ' .. i .. ' ' .. pad) end"
    try server.cli("EVAL", script, "0")
    let pad = String(repeating: ".", count: 10)
    let harness = try await ConsoleHarness(server)
    await harness.run("ECHO", "needle before")
    let report = await harness.run("LRANGE", "l", "0", "-1")
    #expect(report.lineCount == count && report.head.count == ConsoleCommand.headLength)
    #expect(report.head.first?.plain == String(repeating: " ", count: last - 1) + "1) \"element 0 \(pad)\"")
    for place in [0, 1, 119, 120, 511, 512, 4_095, 65_536, count / 2 - 1, count - 10] {
      let page = await harness.lines(of: report.id, place..<place + 10)
      #expect(page.count == 10)
      #expect(page.first?.hasSuffix("\(place + 1)) \"element \(place) \(pad)\"") == true, "\(place): \(page)")
    }
    #expect(await harness.lines(of: report.id, count - 5..<count + 100).count == 5)
    #expect(await harness.lines(of: report.id, 2_000_000..<2_000_010).isEmpty)
    await harness.run("ECHO", "needle behind")
    let ids = [report.id - 1, report.id, report.id + 1]
    let start = ReplyPlace(reply: ids[0], line: 0)
    #expect(await find("element 177777", in: ids, from: start, harness) == ReplyPlace(reply: ids[1], line: 177_777))
    #expect(
      await find("needle", in: ids, from: ReplyPlace(reply: ids[1], line: 5), harness)
        == ReplyPlace(reply: ids[2], line: 0))
    #expect(
      await find("needle", in: ids, from: ReplyPlace(reply: ids[1], line: 5), forward: false, harness)
        == ReplyPlace(reply: ids[0], line: 0))
    #expect(
      await find("element 5", in: ids, from: ReplyPlace(reply: ids[2], line: 0), forward: false, harness)
        == ReplyPlace(reply: ids[1], line: count == 1_000_000 ? 599_999 : 59_999))
    #expect(await find("nowhere", in: ids, from: start, harness) == nil)
    #expect(await element(harness, report.id, 123_456) == "element 123456 \(pad)")
    // Shown no more, it is let go: of its names alone there are more than 20 bytes each. Other tests run in this process, so it
    // is what goes that counts.
    let held = kg_memory_resident_bytes()
    await harness.run([bytes("PING")], oldest: report.id + 1)
    #expect(await harness.lines(of: report.id, 0..<10).isEmpty)
    #expect(
      await eventually {
        malloc_trim(0)
        return held - kg_memory_resident_bytes() > count * 20
      })
  }

  @Test("the oldest replies go where they are too many") func budget() async throws {
    let server = try TestServer()
    try server.cli("SET", "big", String(repeating: "b", count: 9 << 20))
    let harness = try await ConsoleHarness(server)
    for _ in 0..<10 { await harness.run("GET", "big") }
    var kept: [Int] = []
    for id in 1...10 where await !harness.lines(of: id, 0..<1).isEmpty { kept.append(id) }
    #expect(kept.last == 10 && kept == Array(kept[0]...10) && (6...8).contains(kept.count), "\(kept)")
    // One that is bigger than all together may be is kept alone.
    try server.cli("EVAL", "redis.call('SET', 'huge', string.rep('h', 80 * 1024 * 1024)) return 1", "0")
    let huge = await harness.run("GET", "huge")
    #expect(await harness.lines(of: huge.id, 0..<1).count == 1)
    #expect(await harness.lines(of: 10, 0..<1).isEmpty)
    // Repeated, it stops where they are too many, and tells how often it was answered.
    let report = await harness.run("GET", "big", times: 1_000)
    #expect(report.isReplied && report.replies < 1_000 && report.replies >= 7)
    #expect(report.lineCount == report.replies)
  }

  @Test("what a line shows, whole", arguments: bothProtocols)
  func elements(version: Endpoint.ProtocolPreference) async throws {
    let server = try TestServer()
    let harness = try await ConsoleHarness(server, version)
    func all(_ words: String...) async -> [String?] {
      let report = await harness.run(words.map(bytes))
      var elements: [String?] = []
      for line in 0..<report.lineCount { elements.append(await element(harness, report.id, line)) }
      return elements
    }
    #expect(await all("EVAL", "return {1,{'two',{'three'}},'four'}", "0") == ["1", "two", "three", "four"])
    #expect(await all("NOSUCH").first??.hasPrefix("ERR unknown command") == true)
    #expect(await all("GET", "nothing") == [""])
    let long = String(repeating: "0123456789", count: 1_000)
    await harness.run("SET", "long", long)
    #expect(await all("GET", "long") == [long])
    await harness.run("HSET", "h", "field", "value")
    let hash = await all("HGETALL", "h")
    #expect(hash == (version == .resp2 ? ["field", "value"] : ["value"]))
    let info = await all("INFO", "server")
    #expect(info.contains { $0?.hasPrefix("redis_version:") == true })
    if version == .automatic {
      #expect(await all("DEBUG", "PROTOCOL", "verbatim") == ["This is a verbatim", "string"])
      #expect(await all("DEBUG", "PROTOCOL", "true") == ["(true)"])
      #expect(await all("DEBUG", "PROTOCOL", "double") == ["3.141"])
      #expect(await all("DEBUG", "PROTOCOL", "bignum") == ["1234567999999999999999999999999999999"])
    }
    #expect(await element(harness, 999_999, 0) == nil)
    let report = await harness.run("PING")
    for line in [-1, 1, 100, Int.max - 1, Int.max] {
      #expect(await element(harness, report.id, line) ?? "" == "", "\(line)")
    }
  }

  @Test("a file of its own, for this user only") func save() async throws {
    let harness = try await ConsoleHarness(TestServer()) { replies, isPage, form in
      Array("\(isPage) \(form) ".utf8) + replies.flatMap { Array($0.bytes) }
    }
    let report = await harness.run("ECHO", "to a file")
    let folder = try TestFolder.make()
    defer { _ = try? Run.output(["/bin/rm", "-rf", folder]) }
    let path = folder + "/reply"
    func save(_ id: Int, _ form: ReplyForm, to path: String) async -> Answer {
      await harness.store.answer(.console(.save(reply: id, form, path: path)))
    }
    func text(_ path: String) throws -> String { try Run.output(["/bin/cat", path]).output }
    guard case .console(.saved(path, 19)) = await save(report.id, .raw, to: path) else {
      Issue.record("not saved")
      return
    }
    #expect(try text(path) == "false raw to a file")
    var status = stat()
    #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    // What is there stays, also behind a link.
    symlink(folder + "/elsewhere", folder + "/link")
    for taken in [path, folder, folder + "/link", folder + "/none/reply", ""] {
      guard case .failed(let failure) = await save(report.id, .text, to: taken) else {
        Issue.record("saved to \(taken)")
        continue
      }
      #expect(failure.nextStep == "Nothing was overwritten; choose another name")
    }
    #expect(try text(path) == "false raw to a file")
    #expect(access(folder + "/elsewhere", F_OK) != 0)
    guard case .failed = await save(999, .text, to: folder + "/other") else {
      Issue.record("saved what is not there")
      return
    }
    #expect(access(folder + "/other", F_OK) != 0)
  }

  /// `/dev/full` lies in a folder where nothing can be made: a small file system of its own is full as well.
  @Test(
    "a file that cannot be written whole is taken away again", .enabled(if: getuid() == 0, "needs a small file system"))
  func full() async throws {
    let folder = try TestFolder.make()
    guard mount("none", folder, "tmpfs", 0, "size=64k") == 0 else { return }
    defer {
      umount(folder)
      rmdir(folder)
    }
    let harness = try await ConsoleHarness(TestServer()) { replies, _, _ in Array(replies.flatMap { Array($0.bytes) }) }
    let report = await harness.run("ECHO", String(repeating: "x", count: 1 << 20))
    let answer = await harness.store.answer(.console(.save(reply: report.id, .raw, path: folder + "/reply")))
    guard case .failed(let failure) = answer else {
      Issue.record("\(answer)")
      return
    }
    #expect(String(decoding: failure.why, as: UTF8.self).contains("No space"))
    #expect(access(folder + "/reply", F_OK) != 0)
  }
}
