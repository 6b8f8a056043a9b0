import CPlatform
import Glibc
import PrivateServer

/// Measures the budgets: each against a baseline that does the least possible, in turns, in one run.
@main
struct Bench {
  static func main() async {
    // As the program it measures does.
    kg_memory_return_large_blocks()
    do {
      if CommandLine.arguments.contains("--help") { return print(Options.usage) }
      let options = try Options(CommandLine.arguments.dropFirst())
      if let names = options.indexProbe { return print(try IndexProbe.run(names: names).line) }
      var bench = try Bench(options)
      try await bench.run()
    } catch {
      let line = Array("keyglass-bench: \(error)\n".utf8)
      _ = unsafe line.withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count) }
      exit(70)
    }
  }

  private let options: Options
  private let server: PrivateServer
  private let program: ProgramRuns
  private var report = Report()
  private var path: String { server.socketPath }

  private init(_ options: Options) throws {
    self.options = options
    server = try PrivateServer.start(seed: .empty, still: true)
    program = try ProgramRuns(server: server, folder: Self.ownPath.folder)
  }

  private mutating func run() async throws {
    defer { server.stop() }
    var socket = try ServerSocket(path: path)
    let version = try Self.version(&socket)
    if options.isConsoleOnly {
      try await measureConsole(&socket)
      printReport(version)
      return
    }
    if options.isTLSOnly {
      try await measureTLS()
      printReport(version)
      return
    }
    if !options.isLiveOnly {
      say("writing \(Report.count(options.keys)) keys")
      try SampleKeys.fill(&socket, count: options.keys)
      if !options.isExpiryOnly {
        try await measureNames()
        try await measureFacts()
        try measureMemory()
        try measureInput()
        try measureStart()
      }
      try await measureExpiry(&socket)
    }
    if !options.isExpiryOnly {
      // The rows of 200x50, and of a screen where no key is a storm of its own.
      for keys in [44, 300] { try await measureLive(keys: keys) }
      try measureTicks(&socket)
      try await measureConsole(&socket)
    }
    printReport(version)
  }

  private func printReport(_ version: String) {
    print("\n\(sysconf(Int32(_SC_NPROCESSORS_ONLN))) cores, \(version), medians of \(options.pairs) pairs\n")
    print(report.text)
  }

  // MARK: - One budget each

  private mutating func measureNames() async throws {
    let pairs = try await measurePairs(ours: StoreRuns.names, baseline: BareLoops.countNames)
    report.add(
      "names of \(Report.count(options.keys)) keys, browsable",
      ours: Report.seconds(Measured.median(pairs.ours)),
      baseline: "\(Report.seconds(Measured.median(pairs.baseline))) bare SCAN", ratio: pairs.ratio, atMost: 1.15)
  }

  private mutating func measureFacts() async throws {
    let pairs = try await measurePairs(ours: StoreRuns.facts, baseline: BareLoops.countFacts)
    report.add(
      "names, types, deadlines of \(Report.count(options.keys))",
      ours: Report.seconds(Measured.median(pairs.ours)),
      baseline: "\(Report.seconds(Measured.median(pairs.baseline))) bare SCAN+TYPE+PTTL", ratio: pairs.ratio,
      atMost: 1.25)
  }

  /// Resident growth a key; compared with the bytes of the names.
  private mutating func measureMemory() throws {
    let small = try probe(options.keys)
    add(small, names: options.keys)
    guard options.isLarge else { return }
    let large = try probe(10 * options.keys)
    add(large, names: 10 * options.keys)
    report.add(
      "growth: ns a key, ten times as many",
      ours: "\(Report.number(large.nanosecondsPerKey, digits: 0)) ns",
      baseline: "\(Report.number(small.nanosecondsPerKey, digits: 0)) ns",
      ratio: large.nanosecondsPerKey / small.nanosecondsPerKey, atMost: 1.5)
  }

  private mutating func add(_ probe: IndexProbe, names: Int) {
    report.add(
      "memory a key, \(Report.count(names)) names", ours: probe.bytesPerKey,
      baseline: SampleKeys.averageLength(of: names), "of name", unit: "B", atMost: 56)
  }

  /// The baseline is the same program on the same list when no scan runs.
  private mutating func measureInput() throws {
    var scanning: [Double] = []
    var idle: [Double] = []
    for run in 1...options.pairs {
      say("input to frame, run \(run)")
      let result = try program.inputToFrame()
      scanning += result.scanning
      idle += result.idle
    }
    for (percent, budget) in [(50, 2.0), (99, 16.0)] {
      report.add(
        "key to frame while scanning, p\(percent) of \(Report.count(scanning.count))",
        ours: Measured.percentile(percent, of: scanning), baseline: Measured.percentile(percent, of: idle),
        "idle", unit: "ms", atMost: budget)
    }
  }

  private mutating func measureStart() throws {
    var pairs = Pairs()
    for run in 1...options.pairs {
      say("start, pair \(run)")
      pairs.add(ours: try program.start(), baseline: try program.ping())
    }
    report.add(
      "start to first keys", ours: Report.seconds(Measured.median(pairs.ours)),
      baseline: "\(Report.seconds(Measured.median(pairs.baseline))) redis-cli PING", ratio: pairs.ratio, atMost: 3)
  }

  /// The baseline is the same program while hardly anything changes.
  ///
  /// A key that changes more often than ten times a second is read only so often: on few rows that is what is measured.
  private mutating func measureLive(keys: Int) async throws {
    say("changes of \(keys) visible keys by another client")
    let live = try await LiveRun.run(path: path, keys: keys, seconds: 10)
    let load = "\(Report.count(LiveRun.changesPerSecond)) changes/s of \(keys) keys"
    for (percent, budget) in [(50, 50.0), (99, 100.0)] {
      for (what, ours, baseline) in [
        ("write to frame", live.loaded.fromWrite, live.calm.fromWrite),
        ("push to frame", live.loaded.fromPush, live.calm.fromPush),
        ("write to frame, a quiet key", live.quiet.fromWrite, live.calm.fromWrite),
        ("push to frame, a quiet key", live.quiet.fromPush, live.calm.fromPush),
      ] {
        report.add(
          "\(what), \(load), p\(percent) of \(Report.count(ours.count))",
          ours: Measured.percentile(percent, of: ours), baseline: Measured.percentile(percent, of: baseline),
          "calm", unit: "ms", atMost: budget)
      }
    }
    say(
      "\(Report.number(live.framesPerSecond, digits: 0)) frames and \(Report.number(live.readsPerSecond, digits: 0)) keys read again a second under load"
    )
    report.add(
      "commands a second at rest, \(keys) keys", ours: live.commandsPerSecond, baseline: Double(keys),
      "to poll every row",
      unit: "/s", atMost: 1)
  }

  private mutating func measureExpiry(_ socket: inout ServerSocket) async throws {
    say("giving all keys a deadline")
    try SampleKeys.expire(&socket, count: options.keys)
    var settings = ServerBatch()
    settings.add("CONFIG", "SET", "slowlog-log-slower-than", "10000")
    settings.add("SLOWLOG", "RESET")
    _ = try socket.send(settings)
    var pairs = Pairs()
    var runs: [ExpiryRun] = []
    for run in 1...options.pairs {
      let bare = try ExpiryRun.bare(path, keys: options.keys)
      let ours = try await ExpiryRun.run(path, keys: options.keys)
      pairs.add(ours: ours.sweep, baseline: bare)
      runs.append(ours)
      say("deadlines, pair \(run): \(Report.seconds(ours.sweep)), bare \(Report.seconds(bare))")
    }
    var question = ServerBatch()
    question.add("SLOWLOG", "LEN")
    question.add("SLOWLOG", "GET", "5")
    let answers = try socket.send(question)
    let slow = Int(answers.first?.text ?? "") ?? -1
    if slow > 0 { say("slow: \(answers[1].text)") }
    let keys = Report.count(options.keys)
    report.add(
      "sweep of \(keys) deadlines", ours: Report.seconds(Measured.median(pairs.ours)),
      baseline: "\(Report.seconds(Measured.median(pairs.baseline))) bare PTTL of the same names", ratio: pairs.ratio,
      atMost: 1.25)
    let (ticks, reopen) = (runs.flatMap(\.ticks), runs.flatMap(\.reopen))
    let sorting = Measured.median(runs.map(\.sorting))
    for percent in [50, 99] {
      report.add(
        "monitor: a tick and its frame, \(keys) deadlines, p\(percent)", ours: Measured.percentile(percent, of: ticks),
        baseline: sorting, "to sort them", unit: "ms", atMost: 2)
      report.add(
        "monitor: opened again, p\(percent)", ours: Measured.percentile(percent, of: reopen),
        baseline: Measured.median(pairs.ours) * 1_000, "to read them", unit: "ms", atMost: 50)
    }
    report.add(
      "monitor: memory a key beside the index", ours: Measured.median(runs.map(\.orderBytes)),
      baseline: Measured.median(runs.map(\.grownBytes)), "grown with types and deadlines", unit: "B", atMost: 16)
    report.add(
      "SLOWLOG at 10 ms", ours: Double(slow), baseline: Double(options.pairs), "sweeps", unit: "entries", atMost: 0)
  }

  private mutating func measureTicks(_ socket: inout ServerSocket) throws {
    say("fifty TTLs ticking on 200x50")
    var batch = ServerBatch()
    batch.add("FLUSHDB")
    for key in 0..<50 { batch.add("SET", "key\(100 + key)", "value", "EX", String(90 + 70 * key)) }
    _ = try socket.send(batch)
    let (ticks, whole) = try program.ticks(seconds: 15)
    report.add(
      "bytes of the largest of \(ticks.count) ticks, 50 TTLs", ours: ticks.max() ?? 0, baseline: whole,
      "the whole screen", unit: "B", atMost: 1024)
  }

  private mutating func measureConsole(_ socket: inout ServerSocket) async throws {
    let (key, elements) = ("list", options.keys)
    say("a list of \(Report.count(elements)) elements")
    for start in stride(from: 0, to: elements, by: 10_000) {
      var batch = ServerBatch()
      batch.add(["RPUSH", key] + (start..<min(start + 10_000, elements)).map { "element \($0)" })
      _ = try socket.send(batch)
    }
    var pairs = Pairs()
    var runs: [ConsoleRun] = []
    for run in 1...options.pairs {
      let bare = try ConsoleRun.bare(path, key: key, elements: elements)
      let ours = try await ConsoleRun.run(path, key: key, elements: elements)
      pairs.add(ours: ours.reply, baseline: bare)
      runs.append(ours)
      say("reply, pair \(run): \(Report.seconds(ours.reply)), bare \(Report.seconds(bare))")
    }
    report.add(
      "console: first lines of a reply of \(Report.count(elements))", ours: Report.seconds(Measured.median(pairs.ours)),
      baseline: "\(Report.seconds(Measured.median(pairs.baseline))) bare LRANGE", ratio: pairs.ratio, atMost: 2.5)
    report.add(
      "console: a page anywhere in it, p99", ours: Measured.percentile(99, of: runs.flatMap(\.pages)),
      baseline: Measured.median(pairs.ours) * 1_000, "to read it", unit: "ms", atMost: 16)
    report.add(
      "console: memory once it is kept no more", ours: Measured.median(runs.map { Double($0.left) / 1_048_576 }),
      baseline: Measured.median(runs.map { Double($0.kept) / 1_048_576 }), "while it is kept", unit: "MiB", atMost: 8)
    say("50,000 messages a second, ten seconds")
    let stream = try await StreamRun.run(path, seconds: 10)
    report.add(
      "console: messages not counted of \(Report.count(stream.published)) in \(Report.seconds(stream.seconds))",
      ours: Double(abs(stream.published - stream.received)), baseline: Double(stream.dropped), "dropped and counted",
      unit: "", atMost: 0)
    report.add(
      "console: screens a second meanwhile", ours: Double(stream.notices) / stream.seconds,
      baseline: Double(StreamRun.rate), "messages", unit: "/s", atMost: 20)
    report.add(
      "console: grown by the stream", ours: Double(stream.grown) / 1_048_576, baseline: 8, "of messages kept at most",
      unit: "MiB", atMost: 32)
    report.add(
      "console: load of the stream, publisher included", ours: stream.load * 100, baseline: 100, "one core", unit: "%",
      atMost: 50)
  }

  /// What encryption costs: there is no budget for it.
  private mutating func measureTLS() async throws {
    say("a server with TLS, \(Report.count(options.keys)) keys")
    let run = try await TLSRun(keys: options.keys)
    defer { run.stop() }
    var scans = Pairs()
    var pages = (ours: [Double](), baseline: [Double]())
    var handshakes = (ours: [Double](), baseline: [Double]())
    for pair in 1...options.pairs {
      let clock = ContinuousClock()
      let start = clock.now
      guard try await StoreRuns.names(at: run.plain) == options.keys else { throw Malfunction("keys are missing") }
      let middle = clock.now
      guard try await StoreRuns.names(at: run.secured) == options.keys else { throw Malfunction("keys are missing") }
      scans.add(ours: middle.duration(to: clock.now).seconds, baseline: start.duration(to: middle).seconds)
      say(
        "scan, pair \(pair): \(Report.seconds(scans.ours[pair - 1])), plain \(Report.seconds(scans.baseline[pair - 1]))"
      )
      pages.baseline += try await run.pages(at: run.plain)
      pages.ours += try await run.pages(at: run.secured)
      for _ in 0..<20 {
        handshakes.baseline.append(try await run.connect(to: run.plain))
        handshakes.ours.append(try await run.connect(to: run.secured))
      }
    }
    report.note(
      "TLS: names of \(Report.count(options.keys)) keys, browsable", ours: Measured.median(scans.ours),
      baseline: Measured.median(scans.baseline), "plain TCP", ratio: scans.ratio)
    for (what, times) in [("a page of 100 fields", pages), ("connecting and logging in", handshakes)] {
      for percent in [50, 99] {
        let (ours, plain) = (
          Measured.percentile(percent, of: times.ours), Measured.percentile(percent, of: times.baseline)
        )
        report.note("TLS: \(what), p\(percent)", ours: ours, baseline: plain, "plain TCP", ratio: ours / plain)
      }
    }
    report.note(
      "TLS: reading the files, once", ours: run.preparation, baseline: Measured.median(handshakes.baseline),
      "plain connect", ratio: run.preparation / Measured.median(handshakes.baseline))
  }

  // MARK: - Tools

  /// Times both in turns; each has to see every key.
  private func measurePairs(
    ours: (String) async throws -> Int, baseline: (String) throws -> Int
  ) async throws -> Pairs {
    let clock = ContinuousClock()
    var pairs = Pairs()
    for run in 1...options.pairs {
      let start = clock.now
      let counted = try baseline(path)
      let middle = clock.now
      let found = try await ours(path)
      let end = clock.now
      guard counted >= options.keys, found == options.keys else {
        throw Malfunction("\(counted) and \(found) keys found of \(options.keys)")
      }
      pairs.add(ours: middle.duration(to: end).seconds, baseline: start.duration(to: middle).seconds)
      say("pair \(run): \(Report.seconds(pairs.ours[run - 1])), bare \(Report.seconds(pairs.baseline[run - 1]))")
    }
    return pairs
  }

  /// Runs this program again for an index in a fresh process.
  private func probe(_ names: Int) throws -> IndexProbe {
    var ends: [CInt] = [0, 0]
    guard unsafe pipe(&ends) == 0 else { throw Malfunction("no pipe") }
    let child = try ChildProcess(
      [Self.ownPath.file, IndexProbe.word, String(names)], environment: [], descriptors: [nil, ends[1], 2])
    close(ends[1])
    defer { close(ends[0]) }
    var bytes = [UInt8](repeating: 0, count: 256)
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(ends[0], $0.baseAddress, $0.count) }
    guard child.wait() == 0 else { throw Malfunction("the index probe failed") }
    let probe = try IndexProbe(line: String(decoding: bytes.prefix(max(0, count)), as: UTF8.self))
    say("index of \(Report.count(names)): \(probe.bytesPerKey) B a key")
    return probe
  }

  private static var ownPath: (file: String, folder: String) {
    var bytes = [CChar](repeating: 0, count: 4096)
    let count = unsafe readlink("/proc/self/exe", &bytes, bytes.count)
    let file = String(decoding: bytes.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return (file, String(file[..<(file.lastIndex(of: "/") ?? file.endIndex)]))
  }

  private static func version(_ socket: inout ServerSocket) throws -> String {
    var batch = ServerBatch()
    batch.add("INFO", "server")
    let text = try socket.send(batch).first?.text ?? ""
    func field(_ name: String) -> Substring? {
      text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("\(name):") }?.dropFirst(name.count + 1)
    }
    if let valkey = field("valkey_version") { return "valkey \(valkey)" }
    return "redis \(field("redis_version") ?? "of unknown version")"
  }

  /// Shown at once, also through a pipe.
  private func say(_ text: String) {
    print("· \(text)")
    fflush(nil)
  }
}
