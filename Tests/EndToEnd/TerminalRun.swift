import Glibc
import TestSupport

/// Keyglass on a pseudo-terminal, with the frames that it draws there at hand (`--frames`).
///
/// A key is followed by waiting until the program has drawn what came of it and owes nothing more, so that a tour needs
/// no pauses.
final class TerminalRun {
  let terminal: PseudoTerminal
  private let folder: String
  private var log: FrameLogReader
  private var inputs = 0

  /// Starts it and waits for its first frame at rest.
  ///
  /// - Parameter preview: how long the cursor rests before the key under it is read, as the config file has it: short,
  ///   because a tour waits for it at each step.
  init(
    _ arguments: [String], term: String = "xterm-256color", locale: String = "C.UTF-8", columns: Int = 120,
    rows: Int = 36, preview: String = "10ms", environment: [String] = []
  ) async throws {
    folder = try TestFolder.make()
    let path = "\(folder)/frames"
    let config = "\(folder)/config.yaml"
    try Self.write(Array("limits:\n  preview: \(preview)\n".utf8), to: config)
    terminal = try PseudoTerminal(
      [Keyglass.path(), "--frames", path, "--config", config] + arguments, columns: columns, rows: rows,
      environment: ["TERM=\(term)", "LC_ALL=\(locale)"] + environment)
    log = FrameLogReader(path: path)
    try await wait(for: "the first frame") { $0.number > 0 && $0.isIdle }
  }

  deinit { TestFolder.remove(folder) }

  /// What is shown now, and was when the program last came to rest.
  var frame: LoggedFrame { log.latest }

  /// All that was sent to the terminal.
  var bytes: [UInt8] { terminal.bytes }

  // MARK: - Keys

  /// Types keys at once and waits until the program has read them and rests, and shows `text` if one is given.
  func press(_ keys: String, shows text: String? = nil) async throws {
    try await terminal.type(keys)
    inputs += Self.count(of: keys)
    try await settle(TerminalStream.printable(keys.utf8), shows: text)
  }

  /// Types keys one after another, each after the program came to rest.
  func press(each keys: [String]) async throws {
    for key in keys { try await press(key) }
  }

  func resize(columns: Int, rows: Int) async throws {
    steps.append("resize \(bytes.count) \(columns) \(rows)")
    try terminal.resize(columns: columns, rows: rows)
    try await wait(for: "a frame of \(columns)x\(rows)") { $0.columns == columns && $0.rows == rows && $0.isIdle }
  }

  static func write(_ bytes: [UInt8], to path: String) throws {
    guard let file = fopen(path, "we") else { throw TestFailure.system(path) }
    defer { fclose(file) }
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count else { throw TestFailure.system(path) }
  }

  // MARK: - The stream

  /// For an emulator: where the terminal got another size, and where it is to be looked at (`emulate.py`).
  private(set) var steps: [String] = []
  private var ends: [Int] = []
  private var searched = 0

  /// Notes that the terminal is to be looked at as it is with the newest frame, which is returned.
  func markStop() -> LoggedFrame {
    steps.append("show \(end(ofUpdate: frame.updates))")
    return frame
  }

  /// What in it is not allowed.
  func violations(_ rules: TerminalStream.Rules = .init()) async throws -> [TerminalStream.Violation] {
    let bytes = bytes
    return try await Aside.run { TerminalStream.violations(in: bytes, rules: rules) }
  }

  /// Where the bytes of the frame end that was the `count`th to send any: each is one synchronized update.
  func end(ofUpdate count: Int) -> Int {
    findEnds()
    return count == 0 ? 0 : ends[count - 1]
  }

  private func findEnds() {
    let mark = Array("\u{1b}[?2026l".utf8)
    while searched + mark.count <= bytes.count {
      if bytes[searched] == 0x1b, bytes[searched..<(searched + mark.count)].elementsEqual(mark) {
        ends.append(searched + mark.count)
      }
      searched += 1
    }
  }

  /// Waits for a condition on the newest frame, and until its bytes are here too: they come another way.
  func wait(for what: String, until condition: (LoggedFrame) -> Bool) async throws {
    do {
      try await terminal.wait(for: what) {
        log.read()
        findEnds()
        return ends.count >= log.latest.updates && condition(log.latest)
      }
    } catch let failure as TestFailure {
      throw TestFailure("\(failure)\nThe last frame:\n\(log.latest.text)")
    }
  }

  /// Leaves and returns the exit status.
  func quit() async throws -> Int {
    try await terminal.type("Q")
    return try await terminal.exitStatus()
  }

  private func settle(_ keys: String, shows text: String? = nil) async throws {
    let what = "rest after \(keys)" + (text.map { " with '\($0)'" } ?? "")
    try await wait(for: what) { frame in
      frame.inputs >= inputs && frame.isIdle && (text.map { frame.text.contains($0) } ?? true)
    }
  }

  /// How many keys and pastes the program finds in it: an escape sequence is one, a paste is, else each character.
  static func count(of keys: String) -> Int {
    keys.replacing(/\e\[200~(?s:.*?)\e\[201~/, with: "p").replacing(/\e\[[0-9;]*[A-Za-z~]/, with: "k").unicodeScalars
      .count
  }
}

/// A frame of the log.
struct LoggedFrame: Equatable {
  var number = 0
  /// How many keys and pastes the program had read before it.
  var inputs = 0
  /// How many frames up to this one have sent bytes.
  var updates = 0
  var columns = 0
  var rows = 0
  /// `X,Y`, or `-`.
  var cursor = "-"
  var isIdle = false
  /// A line for each row, its cells with U+001F between them. Taken apart only where somebody asks: most frames pass by.
  fileprivate(set) var lines: [[UInt8]] = []

  /// A row of cells each: what is to be drawn there, empty for the right half of a wide glyph.
  var cells: [[String]] {
    lines.map { line in
      line.split(separator: 0x1f, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    }
  }

  var text: String {
    String(decoding: Array(lines.joined(separator: [0x0a])).filter { $0 != 0x1f }, as: UTF8.self)
  }
}

/// Follows a frame log that is being written.
struct FrameLogReader {
  private(set) var latest = LoggedFrame()
  private let path: String
  private var offset = 0
  private var rest: [UInt8] = []

  init(path: String) { self.path = path }

  /// Takes what was written since; a frame that is not finished waits for its end.
  mutating func read() {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    defer { close(file) }
    var chunk = [UInt8](repeating: 0, count: 1 << 20)
    while case let count = pread(file, &chunk, chunk.count, off_t(offset)), count > 0 {
      rest += chunk[..<count]
      offset += count
    }
    takeFrames()
  }

  private mutating func takeFrames() {
    let lines = rest.split(separator: 0x0a, omittingEmptySubsequences: false)
    var next = 0
    var last: (heading: LoggedFrame, lines: ArraySlice<ArraySlice<UInt8>>)?
    // The text behind the last line end is the beginning of a line, or empty.
    while next < lines.count - 1, let heading = Self.heading(lines[next]), next + 1 + heading.rows < lines.count {
      last = (heading, lines[(next + 1)...(next + heading.rows)])
      next += 1 + heading.rows
    }
    guard let last else { return }
    latest = last.heading
    latest.lines = last.lines.map(Array.init)
    rest = Array(rest[(next < lines.count ? lines[next].startIndex : rest.endIndex)...])
  }

  private static func heading(_ line: ArraySlice<UInt8>) -> LoggedFrame? {
    let words = String(decoding: line, as: UTF8.self).split(separator: " ")
    guard words.count == 7, words[0] == "===", let number = Int(words[1]), let inputs = Int(words[2]),
      let updates = Int(words[3])
    else {
      return nil
    }
    let size = words[4].split(separator: "x").compactMap { Int($0) }
    guard size.count == 2 else { return nil }
    return LoggedFrame(
      number: number, inputs: inputs, updates: updates, columns: size[0], rows: size[1], cursor: String(words[5]),
      isIdle: words[6] == "idle")
  }
}
