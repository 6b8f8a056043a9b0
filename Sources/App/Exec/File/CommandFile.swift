import Canvas
import Glibc

/// A file of commands, open for reading.
final class CommandFile {
  let descriptor: Int32
  /// For messages.
  let name: String
  /// Whether it can be read twice, so that it is checked before anything is sent.
  let isRegular: Bool

  /// - Parameter path: `-` is standard input.
  init(_ path: String) throws(ErrorLine) {
    name = path == "-" ? "standard input" : Escape.string(path.utf8)
    descriptor = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
    var facts = stat()
    guard descriptor >= 0, unsafe fstat(descriptor, &facts) == 0 else {
      throw ErrorLine("-f \(name)", SystemError.current.text, nextStep: "Name a file that can be read.")
    }
    isRegular = path != "-" && facts.st_mode & S_IFMT == S_IFREG
  }

  /// Reads the next bytes; 0 at the end.
  func read(into buffer: inout [UInt8]) throws(FileMistake) -> Int {
    while true {
      let count = unsafe Glibc.read(descriptor, &buffer, buffer.count)
      if count >= 0 { return count }
      guard errno == EINTR else {
        throw FileMistake(place: name, why: SystemError.current.text, nextStep: "Name a file that can be read.")
      }
    }
  }

  deinit {
    if descriptor > STDIN_FILENO { close(descriptor) }
  }

  /// Reads all of a regular file for mistakes, and goes back to its beginning.
  func check() throws(ErrorLine) {
    var reader = CommandReader(self)
    do throws(FileMistake) {
      while try reader.next(waits: true) != nil {}
    } catch {
      throw error.error("nothing was sent")
    }
    guard lseek(descriptor, 0, SEEK_SET) == 0 else {
      throw ErrorLine("-f \(name)", SystemError.current.text, nextStep: "Name a file that can be read.")
    }
  }
}
