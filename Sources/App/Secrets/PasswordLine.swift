/// The password in what a file or a program says: its first line.
struct PasswordLine {
  /// Bytes of it that are read; a password is shorter.
  static let limit = 64 << 10

  private(set) var bytes: [UInt8] = []
  private(set) var isWhole = false

  /// Takes what comes next; what stands behind the first line is passed over.
  mutating func add(_ more: ArraySlice<UInt8>) {
    guard !isWhole else { return }
    let line = more.prefix { $0 != UInt8(ascii: "\n") }
    bytes += line
    isWhole = line.count < more.count
  }

  /// Without the end of its line; nil: nothing stands there, or more than any password.
  var password: [UInt8]? {
    let password = bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes[...]
    return password.isEmpty || bytes.count > Self.limit ? nil : Array(password)
  }
}
