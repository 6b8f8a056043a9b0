import Canvas
import Glibc
import Keyspace
import RedisClient
import Requests
import Store
import Synchronization
import Values

/// `keyglass ls --histogram`: how many keys of a database expire when, without a screen.
///
/// All deadlines are read first; then all of them are counted as of one moment, the server's time at the end of the
/// reading. What ran out before that moment and after it was read is `due`.
struct Histogram {
  let pattern: String?
  let ttl: TTLCondition?
  let isJSON: Bool
  let isPlain: Bool
  let separator: [UInt8]

  func run(on server: ServerChoice, trace: Trace?) throws(ErrorLine) -> ExitStatus {
    let store = try Connecting.connect(server, options: .traced(by: trace)).store
    defer { Connecting.shutDown(store) }
    trace?.write(.connected)
    signal(SIGPIPE, SIG_DFL)
    let localTime = LocalTime.system
    let census = Mutex(ExpiryCensus(separator: separator, localOffset: localTime.offset(Clocks.wall)))
    let wanted = ListQuestion(pattern: pattern.map { Escape.typed($0) }, facts: .deadlines)
    let result = Handover<Result<(UntoldKeys, Int64), ErrorLine>>()
    let isFollowed = !isPlain && isatty(STDERR_FILENO) != 0
    let progress = Mutex(CountProgress(isShown: isFollowed))
    Task {
      do throws(Failure) {
        let untold = try await store.list(wanted) { page in
          let serverTime = await store.serverTime
          let count = census.withLock { census in
            for key in page { census.add(key.name, key.deadline.value ?? .unknown, serverTime: serverTime) }
            return census.count
          }
          progress.withLock { $0.show(count) }
          return true
        }
        result.set(.success((untold, await store.serverTime)))
      } catch {
        result.set(.failure(ErrorLine(await store.explained(error))))
      }
    }
    let outcome = result.wait()
    progress.withLock { $0.clear() }
    guard let (untold, serverTime) = try outcome?.get() else { return .refused }
    var report = census.withLock { $0.report(at: serverTime, condition: ttl) }
    report.unread = untold.count
    let database = server.endpoint.database
    let glyphs: GlyphSet = isPlain || Escape.charset == .ascii ? .ascii : .unicode
    try Output.deliver(
      isJSON
        ? report.json(database: database) + "\n"
        : HistogramReportText(report: report, database: database, glyphs: glyphs, localTime: localTime).text)
    if let error = ErrorLine(untold) { throw error }
    return .success
  }
}

/// How many keys have been read, in one line on standard error that goes again.
struct CountProgress {
  let isShown: Bool
  private var shownAt: Int64 = 0

  init(isShown: Bool) { self.isShown = isShown }

  /// Shows it a few times a second, the first time after a moment.
  mutating func show(_ count: Int) {
    guard isShown else { return }
    let now = Clocks.monotonic
    if shownAt == 0 { shownAt = now }
    guard now - shownAt >= 250 else { return }
    shownAt = now
    Output.write("\rkeyglass: \(Format.count(count)) keys read", to: STDERR_FILENO)
  }

  func clear() {
    if isShown { Output.write("\r\u{1b}[K", to: STDERR_FILENO) }
  }
}

extension Store {
  /// The server's clock now, in ms; this machine's where no deadline has told it.
  fileprivate var serverTime: Int64 {
    let clock = serverClock
    return clock.isKnown ? clock.serverTime(at: Clocks.monotonic) : Clocks.wall
  }
}
