import CPlatform
import Glibc
import RedisClient
import Requests
import Store

/// The console: a huge reply, and a stream faster than anybody reads.
struct ConsoleRun {
  /// Seconds from the command to the first lines of its reply.
  let reply: Double
  /// A page anywhere in it, ms.
  let pages: [Double]
  /// By how many bytes the process is bigger while it is kept, and when it is kept no more.
  let kept: Int
  let left: Int

  /// - Parameter key: a list of so many elements.
  static func run(_ path: String, key: String, elements: Int) async throws -> ConsoleRun {
    let store = Store(endpoint: Endpoint(address: .unix(path: path)), options: StoreOptions()) { _ in }
    _ = try await store.connect()
    _ = try await ask(store, 1, ["PING"])
    kg_memory_release_free()
    let before = Int(kg_memory_resident_bytes())
    let clock = ContinuousClock()
    let start = clock.now
    let report = try await ask(store, 2, ["LRANGE", key, "0", "-1"])
    let reply = start.duration(to: clock.now).seconds
    guard report.lineCount == elements, report.head.count == ConsoleCommand.headLength else {
      throw Malfunction("\(report.lineCount) lines of \(elements) elements")
    }
    kg_memory_release_free()
    let kept = Int(kg_memory_resident_bytes()) - before
    var pages: [Double] = []
    for page in 0..<100 {
      let first = page * 7_919 % elements
      let begun = clock.now
      _ = await store.answer(.console(.lines(ReplyRange(reply: 2, lines: first..<first + 150))))
      pages.append(begun.duration(to: clock.now).seconds * 1_000)
    }
    // It is shown no more.
    _ = try await ask(store, 3, ["PING"], oldest: 3)
    kg_memory_release_free()
    let left = Int(kg_memory_resident_bytes()) - before
    await store.shutdown()
    return ConsoleRun(reply: reply, pages: pages, kept: kept, left: left)
  }

  /// The same reply, read and counted by a loop that keeps nothing. Returns seconds.
  static func bare(_ path: String, key: String, elements: Int) throws -> Double {
    let start = ContinuousClock().now
    var socket = try BareSocket(path: path)
    try socket.send(
      Array("*4\r\n$6\r\nLRANGE\r\n$\(key.utf8.count)\r\n\(key)\r\n$1\r\n0\r\n$2\r\n-1\r\n".utf8))
    guard try socket.number("*") == elements else { throw Malfunction("not a list of \(elements)") }
    for _ in 0..<elements {
      let length = try socket.number("$")
      try socket.skip(length + 2)
    }
    return start.duration(to: ContinuousClock().now).seconds
  }

  private static func ask(
    _ store: Store, _ id: Int, _ words: [String], oldest: Int = 0
  ) async throws -> ConsoleReport {
    let command = ConsoleCommand(id: id, words: words.map { Array($0.utf8) }, database: 0, oldest: oldest)
    guard case .console(.ran(let report)) = await store.answer(.console(.run(command))),
      case .replied(_, 0, _) = report.outcome
    else { throw Malfunction("\(words[0]) failed") }
    return report
  }
}

/// A channel with 50,000 messages a second.
struct StreamRun {
  let published: Int
  /// Messages that the console counted, without the confirmation of the subscription.
  let received: Int
  let dropped: Int
  let notices: Int
  let seconds: Double
  /// Share of one core that this process used, the publisher in it included.
  let load: Double
  let grown: Int

  static let rate = 50_000
  private static let batch = 500

  static func run(_ path: String, seconds: Int) async throws -> StreamRun {
    let (notices, inlet) = AsyncStream.makeStream(of: StreamStatus.self)
    let store = Store(endpoint: Endpoint(address: .unix(path: path)), options: StoreOptions()) { notice in
      if case .console(.stream(let status)) = notice { inlet.yield(status) }
    }
    _ = try await store.connect()
    let command = ConsoleCommand(id: 1, words: [Array("SUBSCRIBE".utf8), Array("bench".utf8)], database: 0)
    guard case .console(.ran(let report)) = await store.answer(.console(.run(command))), report.outcome == .streaming
    else { throw Malfunction("no stream") }
    var iterator = notices.makeAsyncIterator()
    var last = StreamStatus(id: 1)
    repeat {
      guard let status = await iterator.next(isolation: nil), status.end == nil else {
        throw Malfunction("no confirmation")
      }
      last = status
    } while last.received == 0
    kg_memory_release_free()
    let (before, load) = (Int(kg_memory_resident_bytes()), processorSeconds)
    let start = ContinuousClock().now
    let total = seconds * rate
    let publisher = Task.detached { try publish(path, total) }
    var count = 0
    while last.received <= total, let status = await iterator.next(isolation: nil) {
      guard status.end == nil else { throw Malfunction("the stream ended: \(status.end ?? "")") }
      count += 1
      last = status
    }
    try await publisher.value
    let took = start.duration(to: ContinuousClock().now).seconds
    let used = processorSeconds - load
    kg_memory_release_free()
    let grown = Int(kg_memory_resident_bytes()) - before
    await store.shutdown()
    return StreamRun(
      published: total, received: last.received - 1, dropped: last.dropped, notices: count, seconds: took,
      load: used / took, grown: grown)
  }

  /// In batches, each at its time.
  private static func publish(_ path: String, _ total: Int) throws {
    var socket = try BareSocket(path: path)
    let payload = String(repeating: "m", count: 64)
    let one = "*3\r\n$7\r\nPUBLISH\r\n$5\r\nbench\r\n$64\r\n\(payload)\r\n"
    let bytes = Array(String(repeating: one, count: batch).utf8)
    let start = ContinuousClock().now
    for sent in stride(from: 0, to: total, by: batch) {
      try socket.send(bytes)
      for _ in 0..<batch { try socket.skipLine() }
      let due = Double(sent + batch) / Double(rate) - start.duration(to: ContinuousClock().now).seconds
      if due > 0 { usleep(UInt32(due * 1_000_000)) }
    }
  }

  private static var processorSeconds: Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }
}
