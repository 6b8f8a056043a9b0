import Glibc
import PrivateServer

/// The budgets of the index, its lists and the program on it, by the number of keys.
struct SizeTable {
  let options: Options
  let server: PrivateServer
  let program: ProgramRuns
  let say: (String) -> Void
  private(set) var grid: Grid
  /// ns a key at a million, which growth is measured by.
  private var nanosecondsPerKey: [Int: Double] = [:]

  private var path: String { server.socketPath }

  init(_ options: Options, _ server: PrivateServer, _ program: ProgramRuns, say: @escaping (String) -> Void) {
    self.options = options
    self.server = server
    self.program = program
    self.say = say
    grid = Grid("keys", columns: options.sizes.map(Report.count))
  }

  /// Fills the server, which is empty, further and further.
  mutating func run() async throws {
    var socket = try ServerSocket(path: path)
    var filled = 0
    for size in options.sizes {
      say("\(Report.count(size)) keys: writing them")
      try SampleKeys.fill(&socket, filled..<size)
      filled = size
      try await measureNames(size)
      try await measureFacts(size)
      try measureIndex(size)
      try measureRescan(size)
      try measureStart(size)
      try measureInput(size)
      try await measureLists(size)
      try await measureGentleness(size, &socket)
    }
  }

  /// Of fewer keys what connecting and starting costs is most of the time and memory.
  private func isBudgeted(_ size: Int) -> Bool { size >= 1_000_000 }

  // MARK: - Scans

  private mutating func measureNames(_ size: Int) async throws {
    say("\(Report.count(size)) keys: names")
    let (path, count) = (path, options.pairs(of: size))
    let pairs = try await Pairs.measure(count, keys: size) {
      try await StoreRuns.names(path)
    } baseline: {
      try BareLoops.countNames(path)
    }
    grid.set(
      "names browsable, to a bare SCAN loop", budget: "1.15", in: Report.count(size), pairs.text,
      isMet: isBudgeted(size) ? pairs.ratio <= 1.15 : nil)
  }

  private mutating func measureFacts(_ size: Int) async throws {
    say("\(Report.count(size)) keys: names, types, deadlines")
    let (path, count) = (path, options.pairs(of: size, isSlow: true))
    let pairs = try await Pairs.measure(count, keys: size) {
      try await StoreRuns.facts(path)
    } baseline: {
      try BareLoops.countFacts(path)
    }
    grid.set(
      "names, types, deadlines, to a bare pipelined loop", budget: "1.25", in: Report.count(size), pairs.text,
      isMet: isBudgeted(size) ? pairs.ratio <= 1.25 : nil)
  }

  // MARK: - Index

  private mutating func measureIndex(_ size: Int) throws {
    say("\(Report.count(size)) keys: the index alone")
    let probe = try IndexProbe(FreshProcess.numbers([IndexProbe.word, String(size), NameShape.mixed.rawValue]))
    let column = Report.count(size)
    grid.set(
      "memory a key, names of \(Report.number(probe.nameLength, digits: 0)) B included", budget: "56 B", in: column,
      "\(Report.number(probe.bytesPerKey, digits: 1)) B", isMet: isBudgeted(size) ? probe.bytesPerKey <= 56 : nil)
    nanosecondsPerKey[size] = probe.nanosecondsPerKey
    let text = "\(Report.number(probe.nanosecondsPerKey, digits: 0)) ns"
    let growth = "building it, a key, to that at 1,000,000"
    if size > 1_000_000, let base = nanosecondsPerKey[1_000_000] {
      let ratio = probe.nanosecondsPerKey / base
      grid.set(
        growth, budget: "1.5", in: column, "\(text): \(Report.number(ratio, digits: 2))", isMet: ratio <= 1.5)
    } else {
      grid.set(growth, budget: "1.5", in: column, text)
    }
  }

  private mutating func measureRescan(_ size: Int) throws {
    say("\(Report.count(size)) keys: R")
    let probe = try RescanProbe(FreshProcess.numbers([RescanProbe.word, path]))
    let bytes = probe.peak / Double(size)
    grid.set(
      "memory a key while R runs, at most, and to that before", budget: "2 x 56 B", in: Report.count(size),
      "\(Report.number(bytes, digits: 1)) B: \(Report.number(probe.peak / probe.once, digits: 2))",
      isMet: isBudgeted(size) ? bytes <= 112 : nil)
  }

  // MARK: - Program

  private mutating func measureStart(_ size: Int) throws {
    say("\(Report.count(size)) keys: start")
    var pairs = Pairs()
    for _ in 0..<options.pairs(of: size) { pairs.add(ours: try program.start(), baseline: try program.ping()) }
    grid.set(
      "start to first keys, to redis-cli PING", budget: "3", in: Report.count(size), pairs.text,
      isMet: pairs.ratio <= 3)
  }

  private mutating func measureInput(_ size: Int) throws {
    say("\(Report.count(size)) keys: key presses while scanning")
    var (scanning, idle): ([Double], [Double]) = ([], [])
    for _ in 0..<options.pairs(of: size, isSlow: true) where scanning.count < 1_000 {
      let result = try program.inputToFrame()
      scanning += result.scanning
      idle += result.idle
    }
    for (what, times) in [("while scanning", scanning), ("after the scan", idle)] {
      for (percent, budget) in [(50, 2.0), (99, 16.0)] {
        let time = Measured.percentile(percent, of: times)
        grid.set(
          "key press to frame \(what), p\(percent)", budget: "\(Report.number(budget, digits: 0)) ms",
          in: Report.count(size), "\(Report.number(time, digits: 2)) ms of \(times.count)", isMet: time <= budget)
      }
    }
  }

  private mutating func measureLists(_ size: Int) async throws {
    say("\(Report.count(size)) keys: lists and filters")
    let run = try await ListRun.run(path)
    for (what, times) in [("many", run.common), ("few", run.rare)] {
      set("filter that \(what) names meet, first rows", times.first, atMost: 50, size)
      set("filter that \(what) names meet, all rows", times.whole, atMost: 1_000, size)
    }
    set("flat list", run.flat.whole, atMost: nil, size)
    set("tree, closed", run.tree.whole, atMost: nil, size)
    set("tree, a folder of a quarter of all keys open: first rows", run.open.first, atMost: nil, size)
    set("tree, a folder of a quarter of all keys open: all rows", run.open.whole, atMost: nil, size)
  }

  private mutating func set(_ what: String, _ times: [Double], atMost budget: Double?, _ size: Int) {
    let time = Measured.median(times)
    grid.set(
      what, budget: budget.map { "\(Report.number($0, digits: 0)) ms" } ?? "", in: Report.count(size),
      "\(Report.number(time, digits: 1)) ms", isMet: budget.map { time <= $0 })
  }

  // MARK: - Server

  private mutating func measureGentleness(_ size: Int, _ socket: inout ServerSocket) async throws {
    say("\(Report.count(size)) keys: another client")
    var settings = ServerBatch()
    settings.add("CONFIG", "SET", "slowlog-log-slower-than", "5000")
    settings.add("SLOWLOG", "RESET")
    _ = try socket.send(settings)
    let path = path
    // A second, whatever the machine is doing besides.
    let idle = try await PingRun.run(path) { try await Task.sleep(for: .seconds(1)) }
    var busy: [Double] = []
    repeat {
      busy += try await PingRun.run(path) { _ = try await StoreRuns.names(path) }
    } while busy.count < 500
    var question = ServerBatch()
    question.add("SLOWLOG", "LEN")
    question.add("CONFIG", "SET", "slowlog-log-slower-than", "10000")
    let slow = Int(try socket.send(question).first?.text ?? "") ?? -1
    let (before, during) = (Measured.percentile(99, of: idle), Measured.percentile(99, of: busy))
    let column = Report.count(size)
    grid.set(
      "PING of another client while scanning, p99, and without", budget: "2 ms more", in: column,
      "\(Report.number(during, digits: 2)) and \(Report.number(before, digits: 2)) ms", isMet: during - before <= 2)
    grid.set("calls of the scan over 5 ms (SLOWLOG)", budget: "0", in: column, "\(slow)", isMet: slow == 0)
  }
}
