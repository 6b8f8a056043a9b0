import Canvas
import Keyspace
import Requests
import Testing
import Values

@testable import Browser

/// A reducer with a key space of its own: answers are given by hand, time moves only when told to.
struct Harness {
  static let wall: Int64 = 1_767_225_600_000  // 2026-01-01 00:00:00Z
  var state: State
  var effects: [Effect] = []
  var index = KeyIndex()
  var version = 0

  init(
    _ names: [String] = [], size: Size = Size(width: 120, height: 36),
    setup: Setup = Setup(endpointName: "127.0.0.1:6379")
  ) {
    state = State(setup: setup, size: size, monotonic: 1_000_000, wall: Self.wall)
    effects = Browser.start(&state)
    answer(.database, .selected(database: setup.database))
    add(names)
  }

  /// The server clock reads the wall clock at the harness's start.
  static var clock: ServerClock {
    var clock = ServerClock()
    clock.observe(expireTime: wall + 60_000, pttl: 60_000, sentAt: 1_000_000, receivedAt: 1_000_000)
    return clock
  }

  mutating func send(_ event: Event) { effects += Browser.reduce(&state, event) }

  mutating func type(_ text: String) { for character in text { send(.key(.character(character))) } }

  mutating func press(_ keys: Key...) { for key in keys { send(.key(key)) } }

  mutating func advance(_ milliseconds: Int64) {
    send(.tick(monotonic: state.now + milliseconds, wall: state.wall + milliseconds))
  }

  /// Answers the newest request of this purpose.
  mutating func answer(_ purpose: Purpose, _ answer: Answer) {
    send(.answer(purpose, generation: state.generations[purpose] ?? 0, answer))
  }

  /// The newest request asked for this purpose, and how often it was asked since the last look.
  func requests(_ purpose: Purpose) -> [Request] {
    effects.compactMap { effect in
      if case .request(purpose, _, let request) = effect { request } else { nil }
    }
  }

  mutating func forgetEffects() { effects = [] }

  /// Adds names to the index, finishes the scan and gives the rows.
  mutating func add(_ names: [String], phase: ScanProgress.Phase = .done, serverCount: Int? = nil) {
    var page = NamePage()
    for name in names { page.append(Array(name.utf8)) }
    index.insert(page)
    index.settle()
    version += 1
    send(
      .notice(
        .scan(
          ScanProgress(
            database: state.database, phase: phase, keys: index.count, version: version, scanned: index.count,
            serverCount: serverCount ?? index.count))))
    giveRows()
  }

  mutating func giveRows() {
    answer(.rows, .rows(RowList(index: index, query: state.rowsQuery), version: version))
  }

  /// Tells facts of keys: type, and milliseconds left (nil: persistent).
  mutating func tell(_ facts: [(String, KeyType, Int64?)], size: Int = 612) {
    let now = Self.wall + state.now - 1_000_000
    let answers = facts.map { name, type, left in
      KeyFacts(
        name: KeyName(name), type: .known(type), deadline: .known(left.map { .at(now + $0) } ?? .persistent),
        size: .known(size))
    }
    answer(.facts, .facts(answers, clock: Self.clock))
  }

  mutating func open(
    _ name: String, _ type: KeyType, _ page: ValuePage?, left: Int64? = nil, encoding: String = "listpack",
    length: Int = 0
  ) {
    let key = KeyName(name)
    let now = Self.wall + state.now - 1_000_000
    let facts = KeyFacts(
      name: key, type: .known(type), deadline: .known(left.map { .at(now + $0) } ?? .persistent),
      // What the list was told of it has not changed.
      size: state.list.seen[key]?.facts.size ?? .known(1_126))
    var inspection = KeyInspection(name: key)
    inspection.encoding = .known(encoding)
    inspection.length = .known(length)
    inspection.memory = .known(1_126)
    inspection.idleSeconds = .known(12)
    answer(.value, .opened(OpenedKey(facts: facts, inspection: inspection, page: page, clock: Self.clock)))
  }

  func frame(_ glyphs: GlyphSet = .unicode) -> Frame {
    var frame = Frame(size: state.size)
    Browser.draw(state, glyphs: glyphs, into: &frame)
    #expect(frame.isWellFormed)
    return frame
  }

  var text: String { frame().trimmedRows().joined(separator: "\n") }

  /// The row of the screen that holds this text.
  func row(_ words: String) -> String {
    frame().trimmedRows().first { $0.contains(words) } ?? ""
  }
}

extension Harness {
  /// Records deadlines, so many ms ahead (nil: none), and answers what the monitor asked.
  mutating func tellDeadlines(
    _ deadlines: [(String, Int64?)], phase: ExpiryProgress.Phase = .done, sampledFrom: Int? = nil
  ) {
    let now = Self.wall + state.now - 1_000_000
    index.record(
      deadlines.map { (KeyName($0.0), KeyType.string, $0.1.map { Deadline.at(now + $0) } ?? .persistent) })
    guard let query = state.expiryQuery else { return }
    let sample = sampledFrom.map { KeySample(index.count, of: $0) } ?? .all
    let order = index.makeExpiryIndex(SweepTarget(scope: query.scope, sample: sampledFrom == nil ? .all : sample))
    version += 1
    let progress = ExpiryProgress(
      phase: phase, number: version, version: version, known: order.known, total: index.count, sampledFrom: sampledFrom,
      readAt: phase == .done ? state.now : nil)
    let folders = index.persistentFolders(
      of: order.target, separator: query.separator, depth: query.scope.prefix.count, limit: 5)
    answer(
      .expiry,
      .expiry(
        ExpiryReport(
          query: query, order: order, sought: state.monitor?.cursor.flatMap { index.entry(of: $0.name, in: order) },
          persistentFolders: folders, progress: progress, clock: Self.clock)))
  }

  /// Keys that were read a second ago, all of them strings with a minute left; what was asked so far is forgotten.
  static func shown(_ names: [String] = ["k"]) -> Harness {
    var harness = Harness(names, setup: Setup(endpointName: "127.0.0.1:6379", previewDelay: nil))
    harness.tell(names.map { ($0, .string, 60_000) })
    harness.advance(1_000)
    harness.forgetEffects()
    return harness
  }

  /// The header's count of keys.
  mutating func tellCount(_ keys: Int) {
    var facts = ServerFacts()
    facts.keys = keys
    answer(.header, .server(facts))
  }
}

extension LinkState {
  /// `retryIn`: ms from the harness's start.
  static func lost(why: String, retryIn: Int64) -> LinkState {
    .lost(LinkLoss(what: "connection lost", why: why, nextStep: "Look", retryAt: 1_000_000 + retryIn))
  }
}

extension Event {
  static func changed(_ name: String) -> Event { .notice(.changed([KeyName(name)])) }
}
