import Canvas
import Glibc
import Synchronization
import Terminal

/// What is known of a file while it is carried out, also for the thread that a signal wakes: that one tells how far the
/// file is and ends the process with 128 + N, whatever the first thread waits for.
final class FileWatch: Sendable {
  private let fate: Mutex<FileFate>

  init(name: String) {
    fate = Mutex(FileFate(name: name))
  }

  var now: FileFate { fate.withLock { $0 } }

  func update(_ change: (inout FileFate) -> Void) {
    fate.withLock { change(&$0) }
  }

  /// From here on ^C and what else asks the process to end is told in one line.
  func begin() {
    let charset = Escape.charset
    EndingSignals.handle { [self] number in
      // The line of the totals, or what the terminal has written for ^C, stays.
      if isatty(STDERR_FILENO) != 0 { Output.write("\n", to: STDERR_FILENO) }
      Escape.$charset.withValue(charset) { Output.complain(Self.line(number, now)) }
      _exit(128 + number)
    }
  }

  private static func line(_ number: Int32, _ fate: FileFate) -> ErrorLine {
    let name =
      switch number {
      case SIGINT: "SIGINT"
      case SIGTERM: "SIGTERM"
      default: "SIGHUP"
      }
    return ErrorLine(
      "ended by \(name)", fate.text,
      nextStep: fate.isOpen
        ? "Look at what they changed before you send them again." : "Start again with what is behind them.",
      status: ExitStatus(rawValue: 128 + number))
  }
}
