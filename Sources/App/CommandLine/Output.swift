import Canvas
import Glibc

/// Writes whole texts to a descriptor.
enum Output {
  /// Writes everything. False once nobody reads any more, which is no error: a pager may be left early.
  ///
  /// - Throws: why it cannot be written, such as a full disk.
  @discardableResult
  static func deliver(_ text: String, to file: Int32 = STDOUT_FILENO) throws(ErrorLine) -> Bool {
    try deliver(Array(text.utf8), to: file)
  }

  /// The same for bytes.
  @discardableResult
  static func deliver(_ bytes: [UInt8], to file: Int32 = STDOUT_FILENO) throws(ErrorLine) -> Bool {
    var bytes = bytes[...]
    while !bytes.isEmpty {
      let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
      if count >= 0 {
        bytes.removeFirst(count)
        continue
      }
      switch errno {
      case EINTR: continue
      case EPIPE: return false
      default:
        throw ErrorLine(
          "standard output", SystemError.current.text, nextStep: "Make room there, or write somewhere else.",
          status: .refused)
      }
    }
    return true
  }

  /// Writes what may be lost: there is nowhere to say so.
  static func write(_ text: String, to file: Int32) {
    _ = try? deliver(text, to: file)
  }

  /// One line on standard error. Names of files and what the user or a server said may be in it: it cannot forge a
  /// second line or move the cursor.
  static func complain(_ line: some CustomStringConvertible) {
    write(oneLine("\(line)") + "\n", to: STDERR_FILENO)
  }

  /// Text with what is escaped already left as it is, and whatever else cannot be seen escaped.
  static func oneLine(_ text: String) -> String { DisplayText(text).string }

  /// The bytes of a path of the system's: escaped for eyes, as they are for a pipe.
  static func path(_ path: String) -> String {
    isatty(STDOUT_FILENO) != 0 ? Escape.string(path.utf8) : path
  }
}
