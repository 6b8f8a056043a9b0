import CTerminal
import Canvas
import Glibc

/// Keeps what libraries and the runtime write to standard error away from the screen, and shows it afterwards.
struct ErrorKeeper {
  /// The most bytes that are shown at the end.
  private static let replayLimit = 64 * 1024

  /// Where errors went before; good for writing all the time.
  let original: Int32
  /// Nil where standard error is not a terminal: then it goes where the user sent it.
  private let kept: Int32?

  /// Redirects descriptor 2; nil where the process has no descriptor left.
  init?() {
    original = dup(STDERR_FILENO)
    guard original >= 0 else { return nil }
    _ = fcntl(original, F_SETFD, FD_CLOEXEC)
    guard isatty(STDERR_FILENO) != 0 else {
      kept = nil
      return
    }
    let file = unsafe kg_memory_file("keyglass-errors")
    guard file >= 0, dup2(file, STDERR_FILENO) >= 0 else {
      close(original)
      return nil
    }
    kept = file
  }

  /// Gives descriptor 2 back and writes what was kept, with everything but text and line ends escaped.
  func finish() {
    dup2(original, STDERR_FILENO)
    close(original)
    guard let kept else { return }
    defer { close(kept) }
    let size = Int(lseek(kept, 0, SEEK_END))
    guard size > 0 else { return }
    var bytes = [UInt8](repeating: 0, count: min(size, ErrorKeeper.replayLimit))
    let count = unsafe pread(kept, &bytes, bytes.count, off_t(size - bytes.count))
    guard count > 0 else { return }
    let lines = bytes.prefix(count).split(separator: UInt8(ascii: "\n"))
    for line in lines {
      let text = Array((Escape.string(line, context: .value) + "\n").utf8)
      _ = unsafe write(STDERR_FILENO, text, text.count)
    }
  }
}
