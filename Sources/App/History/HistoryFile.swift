import Glibc

/// What was sent from the console to one server, one command a line, in a file that only this user may read.
///
/// Several programs may use it at once: a line is added by one write under a lock, and the file is shortened by putting a
/// new one in its place, which whoever waits for the lock notices.
package struct HistoryFile: Sendable {
  /// Lines that are read, and kept when it is shortened.
  package static let kept = 1_000
  /// Bytes at the end of a file that are read, and kept when it is shortened.
  private static let limit = 8 << 20

  private let folder: String
  private let path: String

  /// - Parameters:
  ///   - stateFolder: `$XDG_STATE_HOME/keyglass`; what is missing of it is made.
  ///   - server: as the header names it, without a secret.
  package init(in stateFolder: String, server: String) {
    folder = stateFolder + "/history"
    path = folder + "/" + Self.fileName(of: server)
  }

  private static func fileName(of server: String) -> String {
    let name = server.utf8.reduce(into: "") { name, byte in
      let scalar = Unicode.Scalar(byte)
      let isPlain = byte < 0x80 && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
      if isPlain || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".") && !name.isEmpty || byte == UInt8(ascii: ":")
      {
        name.unicodeScalars.append(scalar)
      } else {
        name += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
    }
    guard name.utf8.count > 200 else { return name }
    // What is cut away still tells one from another.
    let hash = server.utf8.reduce(UInt64(14_695_981_039_346_656_037)) { ($0 ^ UInt64($1)) &* 1_099_511_628_211 }
    return String(name.prefix(180)) + "-" + String(hash, radix: 16)
  }

  /// Newest first; nothing where there is no file, or none that may be read.
  package func load() -> [String] {
    guard let file = open(creating: false) else { return [] }
    defer { close(file) }
    let lines = Self.lines(of: file)
    if lines.count > 2 * Self.kept || lseek(file, 0, SEEK_END) > Self.limit { shorten(file) }
    return lines.suffix(Self.kept).reversed().map { Self.decode($0) }
  }

  /// Adds a command at the end. Where that cannot be, it is not remembered beyond this run.
  package func append(_ command: String) {
    guard let file = open(creating: true) else { return }
    defer { close(file) }
    _ = Self.write((Self.endsTorn(file) ? [0x0A] : []) + Self.encode(command) + [0x0A], to: file)
  }

  // MARK: - Files

  /// The file, locked; nil with nothing done where that cannot be.
  private func open(creating: Bool) -> Int32? {
    if creating { makeFolders() }
    // Another program may put a new file in the place of this one while we wait for the lock.
    for _ in 0..<20 {
      let flags = O_RDWR | O_APPEND | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | (creating ? O_CREAT : 0)
      let file = unsafe Glibc.open(path, flags, 0o600)
      guard file >= 0 else { return nil }
      var (mine, current) = (stat(), stat())
      // A pipe or a device in its place would keep the screen waiting.
      guard unsafe fstat(file, &mine) == 0, mine.st_mode & S_IFMT == S_IFREG, lock(file) else {
        close(file)
        return nil
      }
      fchmod(file, 0o600)
      if unsafe stat(path, &current) == 0, mine.st_ino == current.st_ino { return file }
      close(file)
    }
    return nil
  }

  /// Tries for half a second, longer than a writer takes on a busy machine: whoever holds it longer does not hold up the
  /// screen.
  private func lock(_ file: Int32) -> Bool {
    for _ in 0..<250 {
      if flock(file, LOCK_EX | LOCK_NB) == 0 { return true }
      usleep(2_000)
    }
    return false
  }

  private func makeFolders() {
    var made = ""
    for part in folder.split(separator: "/") {
      made += "/" + part
      unsafe mkdir(made, 0o700)
    }
  }

  /// Puts a file with the newest lines in the place of this one, whose lock is held.
  private func shorten(_ file: Int32) {
    let next = path + ".new"
    unsafe unlink(next)
    let new = unsafe Glibc.open(next, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard new >= 0 else { return }
    defer { close(new) }
    let bytes = Array(Self.lines(of: file).suffix(Self.kept).joined(separator: [0x0A])) + [0x0A]
    if Self.write(bytes, to: new) { unsafe rename(next, path) } else { unsafe unlink(next) }
  }

  /// Whoever wrote last did not come to the end of the line.
  private static func endsTorn(_ file: Int32) -> Bool {
    var last: UInt8 = 0
    guard lseek(file, -1, SEEK_END) >= 0, unsafe read(file, &last, 1) == 1 else { return false }
    return last != 0x0A
  }

  private static func lines(of file: Int32) -> [ArraySlice<UInt8>] {
    // The newest stand at the end; the line that this begins in is cut.
    let start = max(0, lseek(file, 0, SEEK_END) - limit)
    lseek(file, start, SEEK_SET)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count < limit {
      let count = unsafe read(file, &buffer, buffer.count)
      if count > 0 {
        bytes += buffer.prefix(count)
      } else if count == 0 || errno != EINTR {
        break
      }
    }
    // It may begin in the middle of a line.
    let whole = start == 0 ? bytes[...] : bytes.drop { $0 != 0x0A }
    return whole.split(separator: 0x0A)
  }

  private static func write(_ bytes: [UInt8], to file: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        return false
      }
    }
    return true
  }

  // MARK: - Lines

  /// A command of several lines is one: `\n` stands for a line feed, `\\` for a backslash.
  static func encode(_ command: String) -> [UInt8] {
    Array(command.replacing("\\", with: "\\\\").replacing("\n", with: "\\n").utf8)
  }

  static func decode(_ line: some Collection<UInt8>) -> String {
    var bytes: [UInt8] = []
    var isEscaped = false
    for byte in line {
      if isEscaped {
        bytes.append(byte == UInt8(ascii: "n") ? 0x0A : byte)
        isEscaped = false
      } else if byte == UInt8(ascii: "\\") {
        isEscaped = true
      } else {
        bytes.append(byte)
      }
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
