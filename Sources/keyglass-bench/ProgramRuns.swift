import Glibc
import PrivateServer

/// Runs of the real program on a pseudo-terminal, measured by its `--trace`.
struct ProgramRuns {
  let keyglass: String
  let redisCLI: String
  let server: PrivateServer

  private var traceFile: String { "\(server.folder)/trace" }

  init(server: PrivateServer, folder: String) throws(Malfunction) {
    self.server = server
    keyglass = "\(folder)/keyglass"
    guard unsafe access(keyglass, X_OK) == 0 else {
      throw Malfunction("\(keyglass) is not there: build it first, with the same flags")
    }
    let names = ["redis-cli", "valkey-cli"]
    let paths = ServerBinary.defaultFolders.flatMap { folder in names.map { "\(folder)/\($0)" } }
    guard let path = paths.first(where: { unsafe access($0, X_OK) == 0 }) else {
      throw Malfunction("no redis-cli to compare with")
    }
    redisCLI = path
  }

  /// Seconds from starting the process until it has shown the first keys.
  func start() throws -> Double {
    let startedAt = ContinuousClock.now
    let terminal = try open()
    // The frame is traced right after it is painted: what is painted says when to look. At most 1 ms late.
    while !TraceFile(path: traceFile).contains("first_keys") {
      guard startedAt.duration(to: .now) < .seconds(20) else { throw Malfunction("no keys shown within 20 s") }
      try terminal.watch(for: .milliseconds(1), until: { true })
    }
    return startedAt.duration(to: .now).seconds
  }

  /// Seconds that `redis-cli PING` takes, from start to end of the process.
  func ping() throws -> Double {
    let startedAt = ContinuousClock.now
    let child = try ChildProcess([redisCLI, "-s", server.socketPath, "PING"], environment: environment)
    guard child.wait() == 0 else { throw Malfunction("redis-cli PING failed") }
    return startedAt.duration(to: .now).seconds
  }

  /// What is typed again and again: steps, half screens and either end, in the tree and in the flat list; opening the
  /// last of four folders, going about in it and closing it again; typing a filter and taking it back.
  static let browsing = Array("jkgjjjlkj\u{4}G\u{15}gjjjh/use\u{7f}\u{7f}\u{7f}\rvjjGkg\u{4}\u{15}v")

  /// The same about one folder in another that holds all keys.
  static let folderBrowsing = Array("gljljjG\u{15}k\u{4}gjhkh")

  /// Milliseconds from key to frame while all keys are scanned, and for some keys after the scan.
  ///
  /// A key comes every 10 ms, three times as fast as a keyboard repeats.
  func inputToFrame(typing keys: [Character] = browsing) throws -> (scanning: [Double], idle: [Double]) {
    let terminal = try open()
    let startedAt = ContinuousClock.now
    var typed = 0
    var wanted = Int.max
    while typed < wanted {
      guard startedAt.duration(to: .now) < .seconds(300) else { throw Malfunction("no end of the scan in 300 s") }
      try terminal.watch(for: .milliseconds(10))
      terminal.type(String(keys[typed % keys.count]))
      typed += 1
      if wanted == .max, typed % 20 == 0, TraceFile(path: traceFile).contains("scan_done") {
        wanted = typed + 320 / keys.count * keys.count
      }
    }
    try terminal.watch(for: .milliseconds(100))
    let all = TraceFile(path: traceFile).inputToFrame
    guard !all.scanning.isEmpty, !all.idle.isEmpty else { throw Malfunction("the trace shows no keys") }
    return all
  }

  /// Bytes of each frame that nobody's key caused, while so many seconds pass on a screen of 200x50; and of all of it
  /// painted anew.
  func ticks(seconds: Int) throws -> (ticks: [Double], whole: Double) {
    let terminal = try open(columns: 200, rows: 50)
    try terminal.watch(for: .seconds(3))
    let before = TraceFile(path: traceFile).flushedBytes.count
    try terminal.watch(for: .seconds(seconds))
    let ticks = TraceFile(path: traceFile).flushedBytes.dropFirst(before)
    terminal.type("\u{c}")
    try terminal.watch(for: .milliseconds(300))
    guard let whole = TraceFile(path: traceFile).flushedBytes.max() else { throw Malfunction("nothing was painted") }
    return (Array(ticks), whole)
  }

  private func open(columns: UInt16 = 120, rows: UInt16 = 36) throws -> PseudoTerminal {
    unsafe unlink(traceFile)
    return try PseudoTerminal(
      [keyglass, "-s", server.socketPath, "--trace", traceFile], environment: environment, columns: columns, rows: rows)
  }

  /// Nothing of the user's: default theme, no config.
  private var environment: [String] {
    ["PATH=/usr/bin:/bin", "HOME=\(server.folder)", "TERM=xterm-256color", "LANG=C.UTF-8"]
  }
}
