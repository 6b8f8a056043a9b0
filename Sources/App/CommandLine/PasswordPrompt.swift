import Canvas
import Terminal

/// Asks for a password on the terminal without showing it.
enum PasswordPrompt {
  enum Outcome: Equatable {
    case password(String)
    /// ^C, or ^D on an empty line.
    case cancelled
  }

  /// Nil: there is no terminal to ask on.
  static func ask(_ prompt: String) -> Outcome? {
    guard let input = SecretInput() else { return nil }
    input.write(DisplayText(prompt).string)
    defer { input.write("\n") }
    return line { input.readByte() }
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
}
