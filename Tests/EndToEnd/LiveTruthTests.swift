import Glibc
import PrivateServer
import Synchronization
import TestSupport
import Testing

/// An outside comparison: while another client changes what is on the screen, the screen of a real terminal is read at
/// random moments and held against what was so on the server within the last second.
@Suite("Truth under churn", .serialized, .timeLimit(.minutes(10))) struct LiveTruthTests {
  @Test(arguments: LiveViewTests.ways) func nothingOnTheScreenIsUntrueForLong(_ way: LiveViewTests.Way) async throws {
    let (judged, untruths) = try await Aside.run {
      let server = try TestServer(binary: way.binary)
      let churn = Churn(server: server, seed: 7)
      try churn.fill()
      let terminal = try Tmux(
        [Keyglass.path(), "-s", server.socketPath, way.isPushed ? "-3" : "-2"],
        size: Tmux.Size(columns: 120, rows: 45))
      try terminal.waitFor("all keys known") { $0.contains("all \(Churn.keys) keys") && !$0.contains("  ?  ") }
      let writer = WorkerThread { churn.run() }
      defer {
        churn.stop()
        writer.join()
      }
      // What is polled once a second is true of a second ago, and of the time that reading it takes.
      let patience: Int64 = way.isPushed ? 1_000 : 1_300
      var random = Seeded(state: 11)
      var judged = 0
      var untruths: [String] = []
      for _ in 0..<(Campaign.isOn ? 400 : 40) {
        usleep(.random(in: 20_000...150_000, using: &random))
        let before = Churn.now
        let screen = try terminal.capture()
        let window = before - patience...Churn.now
        for row in screen.split(separator: "\n").compactMap(ShownRow.init) {
          judged += 1
          if !churn.was(row, in: window) { untruths.append("\(row.line)  \(churn.told(row.key, in: window))") }
        }
      }
      return (judged, untruths)
    }
    #expect(judged > 500)
    #expect(untruths.isEmpty, "\(untruths.count) of \(judged): \(untruths.prefix(5).joined(separator: "\n"))")
  }
}

/// What the list says of one key.
struct ShownRow {
  let line: String
  let key: String
  let badge: String
  let ttl: String

  init?(_ line: Substring) {
    guard let found = line.firstMatch(of: #/^│.. *(key[0-9]{2}) +([A-Z]{3}) ([^│]*)│/#) else { return nil }
    key = String(found.1)
    badge = String(found.2)
    // The bar before and the size behind.
    guard
      let cell = found.3.firstMatch(
        of: #/(?:^|[ ▏▎▍▌▋▊▉█·])((?:[0-9.]+[dhms] ?)+|-|due|gone|\?)(?: !)? +[0-9.]*[kMG]?◂? *$/#)
    else { return nil }
    ttl = cell.1.split(separator: " ").joined(separator: " ")
    self.line = String(found.0)
  }

  /// Ms that the words may stand for; nil where they are no time.
  var range: Range<Int64>? {
    var total: Int64 = 0
    var unit: Int64 = 0
    for part in ttl.split(separator: " ") {
      guard let letter = part.last, let number = Double(part.dropLast()),
        let size: Int64 = ["d": 86_400_000, "h": 3_600_000, "m": 60_000, "s": 1_000][letter]
      else { return nil }
      total += Int64(number * Double(size))
      unit = part.contains(".") ? 100 : size
    }
    // The second unit is left out where it is 0.
    if !ttl.contains(" "), unit > 1_000 { unit = unit == 86_400_000 ? 3_600_000 : unit == 3_600_000 ? 60_000 : 1_000 }
    return total..<total + unit
  }
}

/// Another client, and what it knows of the keys that only it changes.
final class Churn: Sendable {
  static let keys = 30

  private enum Truth: Equatable {
    case gone
    case there(badge: String, deadline: Int64?)
  }

  /// So it was from `since` on, at the earliest, until the next was certainly carried out.
  private struct Entry {
    var since: Int64
    var certain: Int64
    var truth: Truth
  }

  private let server: TestServer
  private let history = Mutex<[String: [Entry]]>([:])
  private let isOver = Mutex(false)
  private let seed: UInt64

  init(server: TestServer, seed: UInt64) {
    self.server = server
    self.seed = seed
  }

  /// Ms since 1970, as the server counts.
  static var now: Int64 {
    var time = timespec()
    clock_gettime(CLOCK_REALTIME, &time)
    return Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
  }

  private static func name(_ number: Int) -> String { "key\(10 + number)" }

  func fill() throws {
    var socket = try ServerSocket(path: server.socketPath)
    for number in 0..<Self.keys {
      try write([["SET", Self.name(number), "1"]], Self.name(number), .there(badge: "STR", deadline: nil), &socket)
    }
  }

  func stop() { isOver.withLock { $0 = true } }

  /// About two hundred changes a second until it is stopped.
  func run() {
    guard var socket = try? ServerSocket(path: server.socketPath) else { return }
    var random = Seeded(state: seed)
    while !isOver.withLock({ $0 }) {
      usleep(.random(in: 1_000...8_000, using: &random))
      let key = Self.name(.random(in: 0..<Self.keys, using: &random))
      let times: [Int64] = [400, 1_500, 9_000, 70_000, 4_000_000, 300_000_000]
      let deadline = Self.now + .random(in: 1...(times.randomElement(using: &random) ?? 1), using: &random)
      let (commands, truth): ([[String]], Truth) =
        switch Int.random(in: 0..<8, using: &random) {
        case 0: ([["DEL", key]], .gone)
        case 1: ([["DEL", key], ["RPUSH", key, "a", "b"]], .there(badge: "LST", deadline: nil))
        case 2: ([["SET", key, "1"]], .there(badge: "STR", deadline: nil))
        case 3: ([["SET", key, "0"], ["PERSIST", key]], .there(badge: "STR", deadline: nil))
        default: ([["SET", key, "1", "PXAT", "\(deadline)"]], .there(badge: "STR", deadline: deadline))
        }
      try? write(commands, key, truth, &socket)
    }
  }

  private func write(_ commands: [[String]], _ key: String, _ truth: Truth, _ socket: inout ServerSocket) throws {
    let since = Self.now
    var batch = ServerBatch()
    batch.add("MULTI")
    for command in commands { batch.add(command) }
    batch.add("EXEC")
    // In the history before it is sent: the screen may show it before the reply is here.
    let index = history.withLock { history in
      history[key, default: []].append(Entry(since: since, certain: .max, truth: truth))
      return (history[key]?.count ?? 1) - 1
    }
    _ = try socket.send(batch)
    let certain = Self.now
    history.withLock { $0[key]?[index].certain = certain }
  }

  /// Whether what the row says was so at some moment of the window.
  func was(_ row: ShownRow, in window: ClosedRange<Int64>) -> Bool {
    return entries(of: row.key, in: window).contains { entry, span in
      switch entry.truth {
      case .gone: return row.ttl == "gone" || row.ttl == "?"
      case .there(let badge, let deadline):
        if let deadline, deadline <= span.upperBound, row.ttl == "gone" { return true }
        if let deadline, deadline <= window.upperBound, row.ttl == "due" { return true }
        guard row.badge == badge else { return false }
        if row.ttl == "?" { return true }
        guard let deadline else { return row.ttl == "-" }
        guard let range = row.range else { return false }
        // A deadline that was so counts down until the next one is known.
        let left = max(0, deadline - window.upperBound)...max(0, deadline - window.lowerBound)
        return left.overlaps(range.lowerBound...range.upperBound)
      }
    }
  }

  /// What was so, for a message.
  func told(_ key: String, in window: ClosedRange<Int64>) -> String {
    entries(of: key, in: window).map { entry, span in
      switch entry.truth {
      case .gone: "gone"
      case .there(let badge, nil): "\(badge) -"
      case .there(let badge, let deadline?): "\(badge) \(deadline - span.upperBound) ms"
      }
    }.joined(separator: ", ")
  }

  /// What was so within the window, each with the part of the window in which it may have been.
  private func entries(of key: String, in window: ClosedRange<Int64>) -> [(Entry, ClosedRange<Int64>)] {
    let all = history.withLock { $0[key] ?? [] }
    return all.enumerated().compactMap { index, entry in
      let end = index + 1 < all.count ? all[index + 1].certain : window.upperBound
      let start = max(entry.since, window.lowerBound)
      guard start <= min(end, window.upperBound) else { return nil }
      return (entry, start...min(end, window.upperBound))
    }
  }
}
