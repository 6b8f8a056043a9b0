import Glibc

/// A folder for files that only this user may read, `keyglass-XXXXXX` with mode 0700.
struct PrivateFolder {
  let path: String

  /// Makes it in the first usable of the places; nil where none is, with errno set.
  init?(in bases: [String]) {
    for base in bases where base.hasPrefix("/") {
      var path = Array("\(base)/keyglass-XXXXXX".utf8CString)
      if unsafe mkdtemp(&path) != nil {
        self.path = String(decoding: path.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
        return
      }
    }
    return nil
  }

  static var usualBases: [String] {
    [TerminalLocale.environment("XDG_RUNTIME_DIR"), TerminalLocale.environment("TMPDIR"), "/tmp"].compactMap(\.self)
  }

  /// Writes a file of mode 0600; false with errno set where it cannot be written whole.
  func write(_ bytes: [UInt8], as name: String) -> Bool {
    let file = unsafe open("\(path)/\(name)", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { return false }
    defer { close(file) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// Removes it with all that is in it: editors leave copies and swap files beside a file.
  func remove() { PrivateFolder.remove(path) }

  private static func remove(_ path: String) {
    guard let folder = unsafe opendir(path) else { return }
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
        unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
      }
      guard name != ".", name != ".." else { continue }
      // A link to a folder is no folder, and goes as a file does.
      if unsafe unlink("\(path)/\(name)") != 0 { remove("\(path)/\(name)") }
    }
    unsafe closedir(folder)
    unsafe rmdir(path)
  }
}
