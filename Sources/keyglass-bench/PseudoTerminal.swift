import Glibc
import PrivateServer

/// A program on a terminal of its own. What it paints is read and thrown away.
struct PseudoTerminal: ~Copyable {
  private let controller: CInt
  private let child: ChildProcess

  init(_ command: [String], environment: [String], columns: UInt16 = 120, rows: UInt16 = 36) throws {
    controller = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
    var number: CInt = 0
    var lock: CInt = 0
    guard controller >= 0, unsafe ioctl(controller, Self.getNumber, &number) == 0,
      unsafe ioctl(controller, Self.setLock, &lock) == 0
    else { throw Malfunction("no pseudo-terminal") }
    let terminal = unsafe open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
    guard terminal >= 0 else { throw Malfunction("the pseudo-terminal cannot be opened") }
    defer { close(terminal) }
    var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    guard unsafe ioctl(terminal, UInt(TIOCSWINSZ), &size) == 0 else { throw Malfunction("no size for the terminal") }
    child = try ChildProcess(
      command, environment: environment, descriptors: [terminal, terminal, terminal])
  }

  deinit {
    child.signal(SIGKILL)
    child.wait()
    close(controller)
  }

  // TIOCGPTN and TIOCSPTLCK (ioctl_tty(2)): what ptsname and unlockpt do, which Swift's Glibc module hides.
  private static let getNumber: UInt = 0x8004_5430
  private static let setLock: UInt = 0x4004_5431

  func type(_ keys: String) {
    let bytes = Array(keys.utf8)
    _ = unsafe bytes.withUnsafeBytes { unsafe write(controller, $0.baseAddress, $0.count) }
  }

  /// Reads what is painted for so long, or until something was painted and `isEnough`.
  func watch(for time: Duration, until isEnough: () -> Bool = { false }) throws(Malfunction) {
    let end = ContinuousClock.now + time
    var chunk = [UInt8](repeating: 0, count: 64 << 10)
    while true {
      let rest = ContinuousClock.now.duration(to: end) / .milliseconds(1)
      guard rest > 0 else { return }
      var waiting = pollfd(fd: controller, events: Int16(POLLIN), revents: 0)
      guard unsafe poll(&waiting, 1, CInt(rest.rounded(.up))) > 0 else { continue }
      let count = unsafe chunk.withUnsafeMutableBytes { unsafe read(controller, $0.baseAddress, $0.count) }
      guard count > 0 else { throw Malfunction("the program ended by itself") }
      if isEnough() { return }
    }
  }
}
