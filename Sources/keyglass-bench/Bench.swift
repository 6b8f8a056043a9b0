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
      switch options.mode {
      case .indexProbe(let names, let shape): tell(try IndexProbe.run(names: names, shape: shape).numbers)
      case .rescanProbe(let path): tell(try await RescanProbe.run(path).numbers)
      case .keys, .rest, .live, .expiry, .console, .tls:
        var bench = try Bench(options)
        try await bench.run()
      }
    } catch {
      let line = Array("keyglass-bench: \(error)\n".utf8)
      _ = unsafe line.withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count) }
      exit(70)
    }
  }

  private static func tell(_ numbers: [Double]) { print(numbers.map { "\($0)" }.joined(separator: " ")) }

  private let options: Options
  private let server: PrivateServer
  private let program: ProgramRuns
  private var report = Report()
  private var path: String { server.socketPath }

  private init(_ options: Options) throws {
    self.options = options
    server = try PrivateServer.start(seed: .empty, still: true)
    program = try ProgramRuns(server: server, folder: FreshProcess.folder)
  }

  private mutating func run() async throws {
    defer { server.stop() }
    var socket = try ServerSocket(path: path)
    let version = try Self.version(&socket)
    switch options.mode {
    case .keys:
      try await measureKeys(version)
      return
    case .live: try await measureLive()
    case .expiry: try await measureExpiry(&socket)
    case .console: try await measureConsole(&socket)
    case .tls: try await measureTLS()
    default:
      try await measureExpiry(&socket)
      try await measureLive()
      try measureTicks(&socket)
      try await measureConsole(&socket)
    }
    print("\n\(Self.machine), \(version), medians of \(options.pairs) pairs\n")
    print(report.text)
  }

  /// Prints each table as soon as it is there.
  private func measureKeys(_ version: String) async throws {
    var sizes = SizeTable(options, server, program) { say($0) }
    try await sizes.run()
    print("\n\(Self.machine), \(version), medians of alternated pairs\n\n\(sizes.grid.text)\n")
    guard options.shapeSize > 0 else { return }
    var shapes = ShapeTable(options, server, program) { say($0) }
    try await shapes.run()
    print("\n\(shapes.grid.text)\n")
  }

  // MARK: - One budget each

  private mutating func measureLive() async throws {
    // The rows of 200x50, and of a screen where no key is a storm of its own.
    for keys in [44, 300] { try await measureLive(keys: keys) }
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
    say("writing \(Report.count(options.keys)) keys with a deadline each")
    try SampleKeys.fill(&socket, count: options.keys)
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

  private static var machine: String {
    let name = TextFile.read("/proc/cpuinfo")?.split(separator: "\n").first { $0.hasPrefix("model name") }
    let cores = "\(sysconf(Int32(_SC_NPROCESSORS_ONLN))) cores"
    guard let name, let colon = name.firstIndex(of: ":") else { return cores }
    return "\(cores) of\(name[name.index(after: colon)...])"
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
