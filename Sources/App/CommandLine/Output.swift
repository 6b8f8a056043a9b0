import Glibc

/// Writes whole texts to a descriptor.
enum Output {
  /// Writes everything, or as much as the reader takes. False once nobody reads any more.
  @discardableResult
  static func write(_ text: String, to file: Int32 = STDOUT_FILENO) -> Bool {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = unsafe bytes.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
      if count < 0 {
        guard errno == EINTR else { return false }
      } else {
        bytes.removeFirst(count)
      }
    }
    return true
  }

  /// One line on standard error.
  static func complain(_ line: some CustomStringConvertible) {
    write("\(line)\n", to: STDERR_FILENO)
  }
}
