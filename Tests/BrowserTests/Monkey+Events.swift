import Canvas
import Keyspace
import Requests
import TestSupport
import Values

@testable import Browser

/// What happens next.
extension Monkey {
  mutating func event() -> Event {
    if let fitting = fitting() { return fitting }
    if let event = consoleEvent() { return event }
    // A huge screen takes long to draw: it does not stay for long.
    if state.size.width * state.size.height > 5_000, random.one(6) { return .resize(size()) }
    if let event = serverEvent() { return event }
    if state.prompt == nil, state.overlay == nil, state.console.focus == nil, random.one(60) {
      return .key(.character("M"))
    }
    if state.prompt?.subject == .filter, random.one(4) { return .paste(filter()) }
    if state.prompt == nil, state.overlay == nil, state.focus == .list, random.one(20) { return .key(.character("/")) }
    switch random.number(0...99) {
    case 0..<44: return .key(key())
    case 44..<47: return .typed((0..<random.number(1...30)).map { _ in key() })
    case 47: return .mouse(mouse())
    case 48..<80 where !outstanding.isEmpty: return answer()
    case 80..<90: return tick()
    case 90..<94: return .notice(notice())
    case 94..<97: return .paste(bytes())
    case 97: return .resize(size())
    case 98: return random.one(3) ? .history([text(), text() + "\n" + text()]) : .warning(text())
    // None was started: there is nothing that it could be about.
    case 99: return .editorEnded(.saved(bytes()))
    default: return .key(key())
    }
  }

  /// Opens the screen of the server now and then, and goes to its clients. Behind it nothing happens: it does not stay
  /// for long.
  private mutating func serverEvent() -> Event? {
    if let event = composeEvent() { return event }
    if state.overlay == nil, state.prompt == nil, state.console.focus == nil, random.one(80) {
      return .key(.character("C"))
    }
    guard state.overlay == nil, state.prompt == nil, state.console.focus == nil else { return nil }
    guard let screen = state.serverScreen else { return random.one(70) ? .key(.character("S")) : nil }
    if let place = outstanding.firstIndex(where: { $0.purpose == .clients }), random.one(3) {
      let asked = outstanding.remove(at: place)
      return .answer(asked.purpose, generation: asked.generation, answer(to: asked.request))
    }
    switch random.number(0...15) {
    case 0: return .key(.character("S"))
    case 1...5: return .key(screen.page == .clients ? random.pick([.character("x"), .character("x"), .down]) : .tab)
    default: return nil
    }
  }

  /// On the screens of connections and of the Compose project.
  private mutating func composeEvent() -> Event? {
    guard state.prompt == nil, state.composeScreen != nil, random.one(4) else { return nil }
    if state.compose.confirmation != nil || state.overlay != state.composeScreen {
      let later = Event.tick(monotonic: state.now + 200, wall: state.wall + 200)
      return random.pick([later, .key(.tab), .key(.enter), .key(.escape)])
    }
    if state.overlay == .servers { return .key(random.pick([.enter, .character("c"), .character("c"), .escape])) }
    return .key(random.pick([.enter, .escape, .down, .tab, .control("c")] + "uasrbpoLdoLoL".map { .character($0) }))
  }

  private mutating func filter() -> [UInt8] {
    let words = [
      "ttl<", "ttl<1m", "ttl<=1h30m", "ttl>", "ttl>5s", "TTL>=1d", "ttl:none", "\\ttl:none", "a", "*", " ", "x ",
    ]
    return (0..<random.number(1...4)).flatMap { _ in Array((random.pick(words) + (random.one(3) ? "" : " ")).utf8) }
  }

  private mutating func mouse() -> MouseEvent {
    MouseEvent(
      random.pick([.press, .wheelUp, .wheelDown]), x: random.number(0...state.size.width),
      y: random.number(0...state.size.height))
  }

  private static let bound = Bindings.all.flatMap(\.keys)

  private mutating func key() -> Key {
    switch random.number(0...19) {
    // What opens, presses and moves, most of the time; and everything that is bound.
    case 0..<4: return .enter
    case 4..<6: return random.pick([Key.tab, .backTab, .down, .up, .left, .right])
    case 6: return .escape
    case 7..<14: return random.pick(Self.bound)
    case 14..<17: return .character(random.pick("0123456789abcdehlnpstxz-+.@:*?[~/<> "))
    case 17: return .alt(random.pick("abxq[ é"))
    case 18: return .control(random.pick("abdejknuw_"))
    default:
      return random.pick([
        Key.function(random.number(1...24)), .shiftUp, .shiftDown, .shiftLeft, .shiftRight, .backspace, .delete,
        .insert,
        .character("é"), .character("字"), .character("👩‍👩‍👧"), .character("\u{301}"),
      ])
    }
  }

  /// Time goes on; the wall clock also jumps.
  private mutating func tick() -> Event {
    let step = Int64(random.pick([0, 1, 20, 50, 100, 160, 160, 160, 500, 1_000, 2_100, 10_000, 600_000]))
    let jump: Int64 = random.one(20) ? random.pick([-3_600_000, 3_600_000, -1 << 40, 1 << 40]) : 0
    return .tick(monotonic: state.now + step, wall: state.wall + step + jump)
  }

  private mutating func size() -> Size {
    switch random.number(0...9) {
    case 0: Size(width: random.number(1...300), height: random.number(1...100))
    case 1: Size(width: random.number(1...12), height: random.number(1...6))
    case 2: random.pick([Size(width: 1, height: 1), Size(width: 300, height: 1), Size(width: 1, height: 100)])
    case 3: Size(width: 300, height: 100)
    default: Size(width: random.number(40...110), height: random.number(10...30))
    }
  }

  private mutating func notice() -> Notice {
    switch random.number(0...16) {
    case 15, 16: return .console(consoleNotice())
    case 12, 13: return .expiry(expiryProgress())
    case 14: return .surveying(done: random.number(0...5), of: random.number(0...5))
    case 10 where random.one(12): return .loginRefused(why: text())
    case 0: return .link(random.pick([.connecting, .lost(why: text(), retryIn: 500), .lost(loss())]))
    case 1, 2: return .link(.connected)
    case 3: return .tracking(random.one(2))
    case 4: return .changed((0..<random.number(0...5)).map { _ in name() })
    case 5: return random.one(3) ? .flushed : .reconnected(reconnection())
    case 6:
      let number = random.number(1...3)
      let limits = ["DBSIZE", "INFO", "MEMORY USAGE"].map { Denial(command: $0, missingRule: "+\($0.lowercased())") }
      return number == 3 ? .limits(limits) : .session(number)
    case 8: return .follow(followState())
    case 9: return .appeared((0..<random.number(0...5)).map { _ in name() })
    case 7: return .writing(id: random.number(0...9), done: random.number(0...5), of: random.number(0...5))
    default:
      if random.one(2) {
        let name = name()
        index.insert([name])
        index.record(name, FactValues(size: count()))
      } else {
        index.remove([name()])
      }
      index.settle()
      version += 1
      return .scan(progress())
    }
  }

  private mutating func loss() -> LinkLoss {
    LinkLoss(what: text(), why: text(), nextStep: text(), retryAt: random.one(2) ? nil : .max)
  }

  private mutating func reconnection() -> Reconnection {
    var found = Reconnection(server: random.pick([.same, .restarted, .another, .unknown(why: text())]))
    if random.one(3) { found.role = random.pick(["master", "slave", text()]) }
    if random.one(3) { found.primary = text() }
    if random.one(3) { found.version = text() }
    if random.one(2) { found.keys = random.pick([0, 1, Int.max, -1]) }
    return found
  }

  private mutating func followState() -> FollowState {
    switch random.number(0...3) {
    case 0: .interrupted(prefix: bytes())
    case 1: .off(random.pick([.asked, .database, .tooFast(limit: count()), .backlog(count()), .refused(failure())]))
    default: .on(prefix: bytes(), perSecond: count())
    }
  }

  private mutating func progress() -> ScanProgress {
    var progress = anyProgress()
    if random.one(4) { progress.pattern = bytes() }
    if random.one(4) { progress.listedPattern = bytes() }
    progress.hasOthers = random.one(4)
    progress.visited = count()
    if random.one(4) { progress.limit = count() }
    if random.one(3) {
      var search = ServerSearch(pattern: bytes())
      let phases: [ServerSearch.Phase] = [.running, .paused, .done, .limited, .broken(why: bytes())]
      search.phase = random.pick(phases)
      (search.found, search.visited) = (count(), count())
      progress.search = search
    }
    return progress
  }

  private mutating func anyProgress() -> ScanProgress {
    ScanProgress(
      database: random.one(6) ? random.number(0...3) : state.database,
      phase: random.pick([.running, .running, .done, .done, .limited, .stopped, .paused, .denied, .idle]),
      keys: index.count,
      version: version, scanned: count(), serverCount: random.one(4) ? nil : count(), isRescan: random.one(4),
      sweep: random.one(2) ? nil : sweep(), denial: random.one(4) ? denial() : nil,
      trouble: random.one(6) ? bytes() : nil,
      troubleCode: random.one(6) ? random.pick(ServerCode.allCases) : nil)
  }

  private mutating func sweep() -> SweepProgress {
    SweepProgress(
      facts: FactSet(rawValue: UInt8(random.number(0...15))), known: count(), total: count(),
      sampledFrom: random.one(3) ? count() : nil, isDone: random.one(2), isUnkept: random.one(6))
  }

  // MARK: - Bytes and numbers as servers send them

  private static let pieces: [[UInt8]] =
    [
      "a", "user:1042", ":", "::", "\\", "\\x41", "\n", "\r\n", "\t", "\u{1B}[2J\u{1B}]0;x\u{7}", "\u{9B}31m",
      "\u{202E}",
      "\u{200B}", "é", "e\u{301}\u{302}\u{303}", "日本語", "한국어", "👩\u{200D}💻", "❤\u{FE0F}", "🇩🇪", "\u{1100}\u{1161}",
      "{\"a\": [1, 2.50, \"\\u0041\"]}", "[[[[", "-1", "1e300", "nan", "9223372036854775807", "0", " ", "\u{E0041}",
      "\u{FFFF}", "\u{903}",
    ].map { Array($0.utf8) } + [
      [0], [0xFF], [0xC3], [0xE2, 0x82], [0xED, 0xA0, 0x80], Array(repeating: 0x61, count: 300),
    ]

  mutating func bytes() -> [UInt8] {
    var result: [UInt8] = []
    for _ in 0..<random.number(0...5) { result += random.pick(Self.pieces) }
    // Now and then one that has to be cut, wrapped or scrolled everywhere.
    if random.one(60) { result = Array(repeatElement(result + [0x20], count: 40).joined()) }
    return result
  }

  mutating func text() -> String { String(decoding: bytes(), as: UTF8.self) }

  /// One of few, so that it comes again; folders, hostile ones, and the empty one.
  mutating func name() -> KeyName {
    let number = UInt64(random.number(0...49))
    guard number >= 30 else { return KeyName("app:\(number % 4):\(number)") }
    var own = Seeded(state: number)
    return KeyName((0..<own.number(0...3)).flatMap { _ in own.pick(Self.pieces) })
  }

  /// A count or size: the Store lets none above 2^53 through.
  mutating func count() -> Int {
    random.pick([0, 1, 2, 7, 60, 1_000, 1_000_000, 1 << 53, random.number(0...5_000)])
  }

  /// Now and then what fits: by chance alone a field would never hold a TTL, nor the number that a question demands.
  private mutating func fitting() -> Event? {
    guard random.one(4) else { return nil }
    if state.prompt == nil, state.overlay == nil, state.console.focus == nil {
      if state.lock == .locked, random.one(2) { return .key(.character("L")) }
      if random.one(10) { return .key(.character("C")) }
    }
    switch state.overlay {
    case .servers?: return .key(state.servers.attempt == nil && random.one(2) ? .enter : .escape)
    case nil where state.prompt == nil && state.focus == .list && state.list.cursorRow?.id.isFolder == true:
      return random.one(3) ? .key(.character("t")) : nil
    case .form(let form)?:
      guard case .bulkTTL(let bulk) = form.subject else { return nil }
      if let plan = bulk.plan, plan.mistake == nil { return .key(.enter) }
      if form.focus > 0 { return .key(.tab) }
      if !form.fields[0].area.bytes.isEmpty { return .key(.control("u")) }
      return .paste(Array(random.pick(["1h", "none", "+10m", "10m..20m", "+0..10m", "@2099-01-01"]).utf8))
    case .dialog(let dialog)?:
      if dialog.demands == .serverName, dialog.isConfirmed { return .key(.enter) }
      return dialog.demanded.map { demanded in .typed(demanded.map { .character($0) }) }
    default: return nil
    }
  }
}
