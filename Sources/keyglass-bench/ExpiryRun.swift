import Browser
import CPlatform
import Canvas
import Keyspace
import RedisClient
import Requests
import Store
import Values

/// The expiry monitor over a database of keys that all have a deadline.
struct ExpiryRun {
  /// Seconds from the first question to everything known.
  let sweep: Double
  /// From asking again on what was read to the frame, ms.
  let reopen: [Double]
  /// One tick with its frame, ms.
  let ticks: [Double]
  /// Sorting the deadlines anew, which no tick does, ms.
  let sorting: Double
  /// Bytes a key: of the order, and by which the process has grown.
  let orderBytes: Double
  let grownBytes: Double

  private static let size = Size(width: 200, height: 50)

  static func run(_ path: String, keys: Int) async throws -> ExpiryRun {
    let (notices, inlet) = AsyncStream.makeStream(of: Notice.self)
    let store = Store(endpoint: Endpoint(address: .unix(path: path)), options: StoreOptions()) { inlet.yield($0) }
    _ = try await store.connect()
    _ = await store.answer(.select(database: 0))
    var iterator = notices.makeAsyncIterator()
    try await Self.wait(&iterator) { notice in
      if case .scan(let progress) = notice { progress.phase == .done } else { false }
    }
    kg_memory_release_free()
    let before = kg_memory_resident_bytes()
    let clock = ContinuousClock()
    let start = clock.now
    guard case .expiry = await store.answer(.expiry(query(keys))) else { throw Malfunction("no report of deadlines") }
    try await wait(&iterator) { notice in
      if case .expiry(let progress) = notice { progress.phase == .done } else { false }
    }
    let sweep = start.duration(to: clock.now).seconds
    kg_memory_release_free()
    let report = try await report(store, keys)
    let grown = kg_memory_resident_bytes() - before
    guard report.order.count == keys else { throw Malfunction("\(report.order.count) deadlines of \(keys)") }

    var reopen: [Double] = []
    for _ in 0..<9 {
      _ = await store.answer(.endExpiry)
      let begun = clock.now
      var state = state(keys)
      take(try await Self.report(store, keys), in: &state)
      draw(state)
      reopen.append(begun.duration(to: clock.now).seconds * 1_000)
    }
    let (ticks, sorting) = try tick(report, keys)
    await store.shutdown()
    return ExpiryRun(
      sweep: sweep, reopen: reopen, ticks: ticks, sorting: sorting,
      orderBytes: Double(report.order.residentBytes) / Double(keys), grownBytes: Double(grown) / Double(keys))
  }

  /// The same deadlines, in the same order, asked for by a loop that does nothing with the answers. Returns seconds.
  static func bare(_ path: String, keys: Int) throws -> Double {
    let names = (0..<keys).map { number in
      var name: [UInt8] = []
      SampleKeys.append(name: number, to: &name)
      return KeyName(name)
    }.sorted().map(\.bytes)
    let start = ContinuousClock().now
    try BareLoops.deadlines(path, of: names)
    return start.duration(to: ContinuousClock().now).seconds
  }

  private static func query(_ keys: Int) -> ExpiryQuery { ExpiryQuery(sweepLimit: keys) }

  private static func report(_ store: Store, _ keys: Int) async throws -> ExpiryReport {
    guard case .expiry(let report) = await store.answer(.expiry(query(keys))) else {
      throw Malfunction("no report of deadlines")
    }
    return report
  }

  private static func wait(
    _ notices: inout AsyncStream<Notice>.Iterator, for isIt: (Notice) -> Bool
  ) async throws {
    while let notice = await notices.next(isolation: nil) { if isIt(notice) { return } }
    throw Malfunction("the store fell silent")
  }

  // MARK: - The screen

  /// With the monitor open, and nothing in it yet.
  private static func state(_ keys: Int) -> State {
    var setup = Setup(endpointName: "bench")
    setup.sweepLimit = keys
    var state = State(setup: setup, size: size, monotonic: 1_000_000, wall: 1_000_000)
    _ = Browser.reduce(&state, .key(.character("T")))
    return state
  }

  private static func take(_ report: ExpiryReport, in state: inout State) {
    // The first question of this lane.
    _ = Browser.reduce(&state, .answer(.expiry, generation: 1, .expiry(report)))
  }

  private static func draw(_ state: State) {
    var frame = Frame(size: size)
    Browser.draw(state, glyphs: .unicode, into: &frame)
  }

  /// A minute of seconds, each with its frame.
  private static func tick(_ report: ExpiryReport, _ keys: Int) throws -> (ticks: [Double], sorting: Double) {
    var state = state(keys)
    take(report, in: &state)
    guard state.monitor?.report != nil else { throw Malfunction("the monitor took no report") }
    let clock = ContinuousClock()
    var ticks: [Double] = []
    for second in 1...60 {
      let start = clock.now
      _ = Browser.reduce(&state, .tick(monotonic: 1_000_000 + Int64(second) * 1_000, wall: 1_000_000))
      draw(state)
      ticks.append(start.duration(to: clock.now).seconds * 1_000)
    }
    var deadlines = (0..<keys).map { report.order[$0 * 7_919 % keys].deadline }
    let start = clock.now
    deadlines.sort()
    return (ticks, start.duration(to: clock.now).seconds * 1_000)
  }
}
