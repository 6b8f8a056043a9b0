import CTerminal
import Glibc

/// A document in the user's editor (`$VISUAL`, `$EDITOR`, else vi) or pager.
package enum EditorProcess {
  package enum Outcome: Sendable, Equatable {
    case saved([UInt8])
    /// `keptAt`: where the text is that was written so far; nil: the document was not changed.
    case failed(why: String, keptAt: String?)
  }

  private static let fileName = "value.txt"

  /// No document comes back that is longer, in bytes.
  private static let longest = 8 << 20

  /// Writes the document to a file that only this user can read, runs the editor on it and reads it back. The file is
  /// gone afterwards, unless the editor failed and had changed it.
  ///
  /// - Parameters:
  ///   - errors: standard error of a terminal that was handed over; nil: there is no terminal.
  ///   - editor: what the shell runs, the file behind it.
  ///   - bases: folders for the file's own, the first usable is taken.
  package static func edit(
    _ document: [UInt8], errors: Int32?, editor: String = usersEditor, bases: [String] = usualBases
  ) -> Outcome {
    guard let folder = PrivateFolder(in: bases) else {
      return .failed(why: "no private folder can be made (\(text(errno)))", keptAt: nil)
    }
    let path = folder.path + "/" + fileName
    guard folder.write(document, as: fileName) else {
      let why = text(errno)
      folder.remove()
      return .failed(why: "\(path) cannot be written (\(why))", keptAt: nil)
    }
    let ended = run(editor, on: path, errors: errors)
    guard ended.error != EINTR else {
      folder.remove()
      return .failed(why: "the program was ended", keptAt: nil)
    }
    let result = read(path)
    if let why = failure(error: ended.error, status: ended.status, program: editor, variable: "EDITOR") ?? result.why {
      if case .read(document) = result {
        folder.remove()
        return .failed(why: why, keptAt: nil)
      }
      if case .missing = result {
        folder.remove()
        return .failed(why: why, keptAt: nil)
      }
      return .failed(why: why, keptAt: path)
    }
    folder.remove()
    guard case .read(let bytes) = result else { return .failed(why: "the file cannot be read back", keptAt: nil) }
    return .saved(bytes)
  }

  /// Shows the document in the user's pager, from a file that only this user can read and that is gone afterwards.
  ///
  /// Parameters as above.
  /// - Returns: why it was not shown; nil where it was.
  package static func view(
    _ document: [UInt8], errors: Int32?, pager: String = usersPager, bases: [String] = usualBases
  ) -> String? {
    guard let folder = PrivateFolder(in: bases) else { return "no private folder can be made (\(text(errno)))" }
    defer { folder.remove() }
    let path = folder.path + "/" + fileName
    guard folder.write(document, as: fileName) else { return "\(path) cannot be written (\(text(errno)))" }
    let ended = run(pager, on: path, errors: errors)
    return failure(error: ended.error, status: ended.status, program: pager, variable: "PAGER")
  }

  /// Runs the program on the file. The file does not outlive this process, however that ends.
  private static func run(_ program: String, on path: String, errors: Int32?) -> (error: Int32, status: Int32) {
    // In the place of the shell: a signal for the one then reaches the other. A command of several, or one with
    // variables before it, the shell has to stay for.
    let isOne = !program.contains { ";&|<>()`=\n".contains($0) }
    var status: Int32 = 0
    unsafe kg_doom_folder(String(path.dropLast("/\(fileName)".count)))
    let error = unsafe kg_run(
      (isOne ? "exec " : "") + program + " \"$1\"", path, errors != nil, errors ?? -1, &status)
    unsafe kg_doom_folder("")
    return (error, status)
  }

  /// `$PAGER`, else less, else more.
  package static var usersPager: String {
    if let pager = TerminalLocale.environment("PAGER") { return pager }
    let folders = TerminalLocale.environment("PATH")?.split(separator: ":") ?? ["/usr/bin", "/bin"]
    return folders.contains { unsafe access("\($0)/less", X_OK) == 0 } ? "less" : "more"
  }

  package static var usersEditor: String {
    TerminalLocale.environment("VISUAL") ?? TerminalLocale.environment("EDITOR") ?? "vi"
  }

  package static var usualBases: [String] { PrivateFolder.usualBases }

  private enum Reading: Equatable {
    case read([UInt8])
    case tooLong
    case missing

    var why: String? {
      switch self {
      case .read: nil
      case .tooLong: "the text is longer than \(longest >> 20) MB"
      case .missing: "the file is gone"
      }
    }
  }

  /// - Parameter variable: what is to be set where the program is not there.
  private static func failure(error: Int32, status: Int32, program: String, variable: String) -> String? {
    if error != 0 { return "'\(program)' cannot be started (\(text(error)))" }
    let signal = status & 0x7f
    if signal != 0 { return "'\(program)' was ended by signal \(signal)" }
    let code = (status >> 8) & 0xff
    switch code {
    case 0: return nil
    case 127: return "'\(program)' was not found: set \(variable)"
    default: return "'\(program)' ended with status \(code)"
    }
  }

  /// Editors may put another file in its place: it is opened anew.
  private static func read(_ path: String) -> Reading {
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return .missing }
    defer { close(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe Glibc.read(file, &buffer, buffer.count)
      if count < 0 { return .missing }
      if count == 0 { return .read(bytes) }
      bytes += buffer.prefix(count)
      if bytes.count > longest { return .tooLong }
    }
  }

  private static func text(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}
