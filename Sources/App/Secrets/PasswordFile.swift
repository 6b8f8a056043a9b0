import Canvas
import Glibc

/// A password in a file. A link is followed: what it leads to is what is judged.
enum PasswordFile {
  static func read(_ path: String) throws(ErrorLine) -> [UInt8] {
    let what = "password-file \(path)"
    // Not blocking: a named pipe must not hold up the start.
    let file = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY)
    guard file >= 0 else {
      throw ErrorLine(what, SystemError.current.text, nextStep: "Check the path in the config file.", status: .refused)
    }
    defer { close(file) }
    var status = stat()
    guard unsafe fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw ErrorLine(
        what, "it is no regular file", nextStep: "Name a file, or a program as password-command.", status: .refused)
    }
    guard status.st_mode & (S_IRWXG | S_IRWXO) == 0 else {
      throw ErrorLine(
        what, "others than its owner may read or write it", nextStep: "Make it yours alone: chmod 600 \(path).",
        status: .refused)
    }
    var line = PasswordLine()
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !line.isWhole, line.bytes.count <= PasswordLine.limit {
      let count = unsafe Glibc.read(file, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else {
        throw ErrorLine(what, SystemError.current.text, nextStep: "Check the file.", status: .refused)
      }
      if count == 0 { break }
      line.add(buffer[..<count])
    }
    guard let password = line.password else {
      throw ErrorLine(
        what,
        line.bytes.count > PasswordLine.limit
          ? "its first line is no password, so long it is" : "its first line is empty",
        nextStep: "Write the password there.", status: .refused)
    }
    return password
  }
}
