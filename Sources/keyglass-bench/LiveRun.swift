import App
import Browser
import Canvas
import Glibc
import Keyspace
import PrivateServer
import RedisClient
import Requests
import Store
import Synchronization
import Terminal
import Values

/// The whole program but for the terminal, on a thread of its own, while another client changes the keys it shows.
struct LiveRun {
  static let changesPerSecond = 1_000

  struct Result: Sendable {
    /// Only one key changes, now and then.
    var calm = ChangeLedger.Latencies()
    /// The same key while all others are changed ``changesPerSecond`` times a second.
    var quiet = ChangeLedger.Latencies()
    /// Those others.
    var loaded = ChangeLedger.Latencies()
    /// Frames, and keys read again, a second under that load.
    var framesPerSecond = 0.0
    var readsPerSecond = 0.0
    /// Commands a second on an idle server.
    var commandsPerSecond = 0.0
  }

  private final class Counts: Sendable {
    let frames = Atomic(0)
    let reads = Atomic(0)
    let commands = Atomic(0)
    let isReady = Atomic(false)
    let changes = Atomic(0)
  }

  private let path: String
  private let keys: Int
  private let ledger: ChangeLedger
  private let counts = Counts()
  /// The deadline of change 0, in server time.
  private let base = Int64(time(nil)) * 1_000 + 1_000_000_000
  private let names: [KeyName]

  private init(path: String, keys: Int) {
    self.path = path
    self.keys = keys
    ledger = ChangeLedger(keys: keys)
    names = (0..<keys).map { KeyName("key\(1_000 + $0)") }
  }

  /// So many keys are visible; each part takes so many seconds.
  static func run(path: String, keys: Int, seconds: Int) async throws -> Result {
    let live = LiveRun(path: path, keys: keys)
    try live.fill()
    let (store, ui) = try await live.start()
    let result = await withCheckedContinuation { done in
      // It blocks, which no task may.
      _ = WorkerThread { done.resume(returning: Swift.Result { try live.measure(seconds: seconds) }) }
    }
    await ui.stop()
    await store.shutdown()
    return try result.get()
  }

  // MARK: - The program

  private func start() async throws -> (Store, UI) {
    let numbers = Dictionary(uniqueKeysWithValues: names.enumerated().map { ($1, $0) })
    var options = StoreOptions { [counts] name, count, _ in
      counts.commands.add(count, ordering: .relaxed)
      if name == "PEXPIRETIME" { counts.reads.add(count, ordering: .relaxed) }
    }
    options.isReadOnly = true
    let relay = NoticeRelay()
    let store = Store(endpoint: Endpoint(address: .unix(path: path)), options: options) { [ledger] notice in
      if case .changed(let changed) = notice { ledger.push(changed.compactMap { numbers[$0] }) }
      relay.pass(notice)
    }
    _ = try await store.connect()
    let ui = try await withCheckedThrowingContinuation { started in
      _ = WorkerThread { browse(store, relay) { started.resume(with: $0) } }
    }
    return (store, ui)
  }

  /// The program's first thread.
  private func browse(_ store: Store, _ relay: NoticeRelay, started: (Swift.Result<UI, any Error>) -> Void) {
    let thread: FirstThread
    do { thread = try FirstThread() } catch { return started(.failure(error)) }
    let now = Trace.nanoseconds / 1_000_000
    let state = State(
      setup: Setup(endpointName: "bench", previewDelay: nil), size: Size(width: 200, height: keys + 6), monotonic: now,
      wall: Int64(time(nil)) * 1_000)
    let ui = UI(thread: thread, state: state, glyphs: .unicode, isDriven: true, trace: nil)
    ui.assumeIsolated { ui in
      ui.observe(note)
      relay.open { [ui] in ui.post($0) }
      ui.begin { await store.answer($0) }
    }
    started(.success(ui))
    thread.run(watching: nil) { ui.assumeIsolated { $0.turn() } }
  }

  private func note(_ state: State) {
    counts.frames.add(1, ordering: .relaxed)
    let shown = names.enumerated().compactMap { key, name -> (Int, Int64)? in
      guard case .known(.at(let deadline))? = state.list.seen[name]?.facts.deadline else { return nil }
      return (key, deadline - base)
    }
    if shown.count == names.count, state.isTracked { counts.isReady.store(true, ordering: .relaxed) }
    ledger.show(shown)
  }

  // MARK: - The other client

  private func fill() throws {
    var socket = try ServerSocket(path: path)
    var batch = ServerBatch()
    batch.add("FLUSHDB")
    for name in names { batch.add([Array("SET".utf8), name.bytes, [0x31], Array("PXAT".utf8), Array("\(base)".utf8)]) }
    _ = try socket.send(batch)
  }

  private func measure(seconds: Int) throws -> Result {
    var socket = try ServerSocket(path: path)
    var result = Result()
    try waitUntil { counts.isReady.load(ordering: .relaxed) }
    // What was read before tracking was on is read once more.
    usleep(2_000_000)
    let commands = counts.commands.load(ordering: .relaxed)
    usleep(UInt32(seconds) * 1_000_000)
    result.commandsPerSecond = Double(counts.commands.load(ordering: .relaxed) - commands) / Double(seconds)
    try write(&socket, seconds: seconds, isLoaded: false)
    result.calm = ledger.take(0..<keys)
    let (frames, reads) = (counts.frames.load(ordering: .relaxed), counts.reads.load(ordering: .relaxed))
    try write(&socket, seconds: seconds, isLoaded: true)
    result.framesPerSecond = Double(counts.frames.load(ordering: .relaxed) - frames) / Double(seconds)
    result.readsPerSecond = Double(counts.reads.load(ordering: .relaxed) - reads) / Double(seconds)
    result.quiet = ledger.take(0..<1)
    result.loaded = ledger.take(1..<keys)
    return result
  }

  /// Changes key 0 about three times a second and, under load, the others in random order.
  private func write(_ socket: inout ServerSocket, seconds: Int, isLoaded: Bool) throws {
    let start = ContinuousClock.now
    var nextQuiet = 0
    for tick in 0..<seconds * Self.changesPerSecond {
      while ContinuousClock.now < start + .milliseconds(tick * 1_000 / Self.changesPerSecond) { usleep(100) }
      if tick >= nextQuiet {
        nextQuiet = tick + .random(in: 200..<450)
        try change(0, &socket)
      } else if isLoaded {
        try change(.random(in: 1..<keys), &socket)
      }
    }
    try waitUntil { ledger.pending == 0 }
  }

  private func change(_ key: Int, _ socket: inout ServerSocket) throws {
    let number = Int64(counts.changes.add(1, ordering: .relaxed).newValue)
    var batch = ServerBatch()
    batch.add([Array("PEXPIREAT".utf8), names[key].bytes, Array("\(base + number)".utf8)])
    ledger.write(key, number: number)
    _ = try socket.send(batch)
  }

  private func waitUntil(_ condition: () -> Bool) throws(Malfunction) {
    for _ in 0..<10_000 {
      if condition() { return }
      usleep(1_000)
    }
    throw Malfunction("a change did not come on the screen within 10 s")
  }
}
