import CTerminal
import Glibc

/// A document in the user's editor (`$VISUAL`, `$EDITOR`, else vi) or pager.
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
    guard let folder = makeFolder(in: bases) else {
      return .failed(why: "no private folder can be made (\(text(errno)))", keptAt: nil)
    }
    let path = folder + "/value.txt"
    guard write(document, to: path) else {
      let why = text(errno)
      remove(path, folder)
      return .failed(why: "\(path) cannot be written (\(why))", keptAt: nil)
    }
    var status: Int32 = 0
    let error = unsafe kg_run("\(editor) \"$1\"", path, errors != nil, errors ?? -1, &status)
    let result = read(path)
    if let why = failure(error: error, status: status, program: editor, variable: "EDITOR") ?? result.why {
      if case .read(document) = result {
        remove(path, folder)
        return .failed(why: why, keptAt: nil)
      }
      if case .missing = result {
        remove(path, folder)
        return .failed(why: why, keptAt: nil)
      }
      return .failed(why: why, keptAt: path)
    }
    remove(path, folder)
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
    guard let folder = makeFolder(in: bases) else { return "no private folder can be made (\(text(errno)))" }
    let path = folder + "/value.txt"
    defer { remove(path, folder) }
    guard write(document, to: path) else { return "\(path) cannot be written (\(text(errno)))" }
    var status: Int32 = 0
    let error = unsafe kg_run("\(pager) \"$1\"", path, errors != nil, errors ?? -1, &status)
    return failure(error: error, status: status, program: pager, variable: "PAGER")
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

  package static var usualBases: [String] {
    [TerminalLocale.environment("XDG_RUNTIME_DIR"), TerminalLocale.environment("TMPDIR"), "/tmp"].compactMap(\.self)
  }

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

  /// `keyglass-XXXXXX` with mode 0700 in the first usable of the places for it.
  private static func makeFolder(in bases: [String]) -> String? {
    for base in bases where base.hasPrefix("/") {
      var path = Array("\(base)/keyglass-XXXXXX".utf8CString)
      if unsafe mkdtemp(&path) != nil {
        return String(decoding: path.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
      }
    }
    return nil
  }

  private static func write(_ bytes: [UInt8], to path: String) -> Bool {
    let file = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
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

  private static func remove(_ path: String, _ folder: String) {
    unsafe unlink(path)
    unsafe rmdir(folder)
  }

  private static func text(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}
