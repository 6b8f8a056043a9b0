import Glibc

/// Asks for a password on the terminal without showing it.
enum PasswordPrompt {
  enum Outcome: Equatable {
    case password(String)
    /// ^C, or ^D on an empty line.
    case cancelled
  }

  /// Asks on /dev/tty, so that standard input and output may be files. Nil: there is no terminal to ask on.
  ///
  /// Signals from the keyboard are off meanwhile (^C comes as a byte): no way out of here leaves the echo off.
  static func ask(_ prompt: String) -> Outcome? {
    let file = unsafe open("/dev/tty", O_RDWR | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    var saved = termios()
    guard unsafe tcgetattr(file, &saved) == 0 else { return nil }
    var silent = saved
    silent.c_lflag &= ~tcflag_t(ECHO | ICANON | ISIG)
    guard unsafe tcsetattr(file, TCSAFLUSH, &silent) == 0 else { return nil }
    defer { _ = unsafe tcsetattr(file, TCSAFLUSH, &saved) }
    write(prompt, to: file)
    defer { write("\n", to: file) }
    return line { readByte(from: file) }
  }

  /// Edits one line from bytes as they are typed: Backspace and ^U work; Enter or the end of input ends it.
  static func line(next: () -> UInt8?) -> Outcome {
    var bytes: [UInt8] = []
    while let byte = next() {
      switch byte {
      case 0x0d, 0x0a: return .password(String(decoding: bytes, as: UTF8.self))
      case 0x03: return .cancelled
      case 0x04 where bytes.isEmpty: return .cancelled
      case 0x08, 0x7f:
        // A character of several bytes goes as a whole.
        while let last = bytes.popLast(), last & 0xc0 == 0x80 {}
      case 0x15: bytes = []
      case 0x04: break
      default: bytes.append(byte)
      }
    }
    return bytes.isEmpty ? .cancelled : .password(String(decoding: bytes, as: UTF8.self))
  }

  private static func readByte(from file: Int32) -> UInt8? {
    var byte: UInt8 = 0
    while true {
      let count = unsafe read(file, &byte, 1)
      if count == 1 { return byte }
      guard count < 0, errno == EINTR else { return nil }
    }
  }

  private static func write(_ text: String, to file: Int32) {
    let bytes = Array(text.utf8)
    _ = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
  }
}
