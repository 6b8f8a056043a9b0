import CTerminal
import Glibc

/// The terminal of the process while a secret is typed: nothing shows, and signals from the keyboard are off, ^C comes
/// as a byte. However the process ends, the terminal is as before.
package struct SecretInput: ~Copyable {
  private let terminal: Int32

  /// /dev/tty, so that standard input and output may be files. Nil: there is no terminal.
  package init?() {
    let terminal = unsafe open("/dev/tty", O_RDWR | O_CLOEXEC)
    guard terminal >= 0 else { return nil }
    guard kg_silence(terminal) else {
      close(terminal)
      return nil
    }
    self.terminal = terminal
  }

  deinit {
    kg_unsilence()
    close(terminal)
  }

  package func write(_ text: String) {
    let bytes = Array(text.utf8)
    _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(terminal, $0.baseAddress, $0.count) }
  }

  /// The next byte that is typed; nil at the end.
  package func readByte() -> UInt8? {
    var byte: UInt8 = 0
    while true {
      let count = unsafe read(terminal, &byte, 1)
      if count == 1 { return byte }
      guard count < 0, errno == EINTR else { return nil }
    }
  }
}
