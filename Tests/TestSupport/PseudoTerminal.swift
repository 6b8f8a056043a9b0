import Glibc
import PrivateServer

/// A program on a pseudo-terminal of its own, which is its controlling terminal: bytes are typed, and every byte that
/// it sends is kept as it came. Nothing stands between, as an emulator would.
///
/// Nothing reads by itself: the output comes in while one of the asynchronous functions runs. They hold no thread while
/// they wait, or tests beside this one would stand still. The program is killed with the last reference.
package final class PseudoTerminal {
  /// All that the program has sent.
  package private(set) var bytes: [UInt8] = []
  /// Whether the program is gone, or has closed the terminal.
  package private(set) var isEnded = false
  package private(set) var columns: Int
  package private(set) var rows: Int
  private let controller: CInt
  private let child: ChildProcess
  private let folder: String
  private var status: Int?
  private var isClosed = false

  /// Starts `command` (the first word a path) on a terminal of this size.
  ///
  /// - Parameter environment: "NAME=value", all that the program gets but for a home of its own and a PATH.
  package init(_ command: [String], columns: Int, rows: Int, environment: [String]) throws {
    controller = open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK)
    var number: CInt = 0
    var lock: CInt = 0
    guard controller >= 0, ioctl(controller, Self.getNumber, &number) == 0, ioctl(controller, Self.setLock, &lock) == 0
    else { throw TestFailure.system("/dev/ptmx") }
    (self.columns, self.rows) = (columns, rows)
    folder = try TestFolder.make()
    try Self.setSize(controller, columns, rows)
    // The first terminal that the leader of a session opens becomes its own; a ChildProcess is such a leader.
    child = try ChildProcess(
      ["/bin/sh", "-c", #"exec "$@" <>"$0" >&0 2>&0"#, "/dev/pts/\(number)"] + command,
      environment: ["HOME=\(folder)", "PATH=/usr/bin:/bin"] + environment)
  }

  deinit {
    if status == nil {
      child.signal(SIGKILL)
      child.wait()
    }
    close()
    TestFolder.remove(folder)
  }

  // TIOCGPTN and TIOCSPTLCK (ioctl_tty(2)): what ptsname and unlockpt do, which Swift's Glibc module hides.
  private static let getNumber: UInt = 0x8004_5430
  private static let setLock: UInt = 0x4004_5431

  private static func setSize(_ descriptor: CInt, _ columns: Int, _ rows: Int) throws {
    var size = winsize(ws_row: UInt16(rows), ws_col: UInt16(columns), ws_xpixel: 0, ws_ypixel: 0)
    guard ioctl(descriptor, UInt(TIOCSWINSZ), &size) == 0 else { throw TestFailure.system("TIOCSWINSZ") }
  }

  // MARK: - In

  package func type(_ text: String) async throws { try await type(Array(text.utf8)) }

  package func type(_ keys: [UInt8]) async throws {
    var rest = keys[...]
    while !rest.isEmpty {
      let count = rest.withUnsafeBytes { write(controller, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno == EAGAIN {
        // The program may be waiting for us to read.
        await read(forMilliseconds: 10)
      } else if errno != EINTR {
        throw TestFailure.system("the program's terminal")
      }
      if isEnded { throw TestFailure("the program is gone; its last bytes: \(lastBytes)") }
    }
  }

  /// Gives the terminal another size; the kernel tells the program (SIGWINCH).
  package func resize(columns: Int, rows: Int) throws {
    try Self.setSize(controller, columns, rows)
    (self.columns, self.rows) = (columns, rows)
  }

  package func signal(_ number: CInt) { child.signal(number) }

  /// Takes the terminal away, as closing a window does.
  package func close() {
    if !isClosed { Glibc.close(controller) }
    isClosed = true
    isEnded = true
  }

  // MARK: - Out

  /// Reads until `condition` holds; throws with the last bytes when it does not within the time, which is a safety net.
  package func wait(for what: String, seconds: Double = 60, until condition: () throws -> Bool) async throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
      // What was sent before the condition came to hold belongs to it.
      while readWhatIsThere() {}
      if try condition() { return }
      if isEnded { throw TestFailure("no \(what): the program ended. Its last bytes: \(lastBytes)") }
      guard ContinuousClock.now < deadline else {
        throw TestFailure("no \(what) within \(seconds) s. The last bytes: \(lastBytes)")
      }
      await read(forMilliseconds: 5)
    }
  }

  /// Reads until nothing has come for so long; throws when there is no such pause.
  package func waitUntilQuiet(milliseconds: Int = 100, seconds: Double = 60) async throws {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while await read(forMilliseconds: milliseconds) {
      guard ContinuousClock.now < deadline else { throw TestFailure("no pause of \(milliseconds) ms in the output") }
    }
  }

  /// Reads to the end of the program and returns its exit status, 128 + N by a signal.
  package func exitStatus(seconds: Double = 60) async throws -> Int {
    let deadline = ContinuousClock.now + .seconds(seconds)
    while true {
      // What it has sent last stays in the terminal when it is gone.
      while readWhatIsThere() {}
      if let status { return status }
      status = child.endStatus()
      if status != nil { continue }
      guard ContinuousClock.now < deadline else { throw TestFailure("the program does not end") }
      await read(forMilliseconds: 10)
    }
  }

  /// Reads once what is there, waiting for it at most so long. False where nothing came.
  @discardableResult
  private func read(forMilliseconds patience: Int) async -> Bool {
    let deadline = ContinuousClock.now + .milliseconds(patience)
    while true {
      if readWhatIsThere() { return true }
      if ContinuousClock.now >= deadline { return false }
      try? await Task.sleep(for: .milliseconds(1))
    }
  }

  private func readWhatIsThere() -> Bool {
    guard !isEnded else { return false }
    var chunk = [UInt8](repeating: 0, count: 65_536)
    let count = Glibc.read(controller, &chunk, chunk.count)
    if count > 0 {
      bytes += chunk[..<count]
      return true
    }
    // EIO: nobody has the terminal open any more.
    if count == 0 || (errno != EAGAIN && errno != EINTR) { isEnded = true }
    return false
  }

  private var lastBytes: String { TerminalStream.printable(bytes.suffix(400)) }
}

extension ChildProcess {
  /// Exit status or 128 + the signal of a child that has ended, which is reaped; nil while it runs.
  fileprivate func endStatus() -> Int? {
    var status: CInt = 0
    guard waitpid(pid, &status, WNOHANG) == pid else { return nil }
    let signal = status & 0x7f
    return signal == 0 ? Int((status >> 8) & 0xff) : 128 + Int(signal)
  }
}
