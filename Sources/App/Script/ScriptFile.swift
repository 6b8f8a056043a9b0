import Glibc

/// A script as it was read from a file or from standard input.
struct ScriptFile {
  let name: String
  let lines: [ScriptLine]

  /// - Parameter path: `-` is standard input.
  static func read(_ path: String) throws(ErrorLine) -> ScriptFile {
    let name = path == "-" ? "standard input" : path
    let file = path == "-" ? STDIN_FILENO : unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else {
      throw ErrorLine("--script \(path)", SystemError.current.text, nextStep: "Name a file that can be read.")
    }
    defer { if file != STDIN_FILENO { close(file) } }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 65_536)
    while true {
      let count = unsafe Glibc.read(file, &buffer, buffer.count)
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw ErrorLine("--script \(path)", SystemError.current.text, nextStep: "Name a file that can be read.")
      }
      bytes += buffer.prefix(count)
    }
    do throws(ScriptMistake) {
      return ScriptFile(name: name, lines: try ScriptParser.parse(String(decoding: bytes, as: UTF8.self)))
    } catch {
      throw ErrorLine(
        "\(name):\(error.line): \(error.text)", error.reason, nextStep: "Mend this line of the script.")
    }
  }
}
