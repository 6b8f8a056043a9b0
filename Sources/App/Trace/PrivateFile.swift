import Glibc

/// Files that only their owner can read.
enum PrivateFile {
  /// Opens (and empties) the file that an option names.
  static func create(_ path: String, option: String) throws(ErrorLine) -> Int32 {
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o600)
    guard file >= 0 else {
      throw ErrorLine("\(option) \(path)", SystemError.current.text, nextStep: "Name a file that can be written.")
    }
    // A file that was there keeps its mode: make it private, unless it is a pipe or a terminal.
    var status = stat()
    if unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG { fchmod(file, 0o600) }
    return file
  }
}
