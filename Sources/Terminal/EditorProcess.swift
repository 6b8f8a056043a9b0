import CTerminal
import Glibc

/// A document in the user's editor: `$VISUAL`, `$EDITOR`, else vi.
package enum EditorProcess {
  package enum Outcome: Sendable, Equatable {
    case saved([UInt8])
    /// `keptAt`: where the text is that was written so far; nil: the document was not changed.
    case failed(why: String, keptAt: String?)
  }

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
    let path = folder.path + "/value.txt"
    guard folder.write(document, as: "value.txt") else {
      let why = text(errno)
      folder.remove()
      return .failed(why: "\(path) cannot be written (\(why))", keptAt: nil)
    }
    var status: Int32 = 0
    unsafe kg_doom_file(path)
    let error = unsafe kg_run(command(editor), path, errors != nil, errors ?? -1, &status)
    unsafe kg_doom_file("")
    guard error != EINTR else {
      folder.remove()
      return .failed(why: "the program was ended", keptAt: nil)
    }
    let result = read(path)
    if let why = failure(error: error, status: status, editor: editor) ?? result.why {
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

  /// The editor on the file behind it, in the place of the shell: a signal for the one then reaches the other. A command
  /// of several, or one with variables before it, the shell has to stay for.
  private static func command(_ editor: String) -> String {
    let isOne = !editor.contains { ";&|<>()`=\n".contains($0) }
    return (isOne ? "exec " : "") + editor + " \"$1\""
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

  private static func failure(error: Int32, status: Int32, editor: String) -> String? {
    if error != 0 { return "'\(editor)' cannot be started (\(text(error)))" }
    let signal = status & 0x7f
    if signal != 0 { return "'\(editor)' was ended by signal \(signal)" }
    let code = (status >> 8) & 0xff
    switch code {
    case 0: return nil
    case 127: return "'\(editor)' was not found: set EDITOR"
    default: return "'\(editor)' ended with status \(code)"
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
