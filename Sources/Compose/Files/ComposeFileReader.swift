import Glibc
import YAML

/// Reads the files that a project names. They may name anything: only regular files are read, none that is large, and
/// not many.
struct ComposeFileReader {
  enum Failure: Error, Equatable {
    case missing
    case notRegular
    case tooLarge
    case tooMany
    case system(Int32)

    var text: String {
      switch self {
      case .missing: "there is no such file"
      case .notRegular: "it is not a file"
      case .tooLarge: "it is larger than 1 MB"
      case .tooMany: "the project names more files than Keyglass reads"
      case .system(let code): unsafe String(cString: strerror(code))
      }
    }
  }

  enum Kind {
    case file
    case folder
    case other
  }

  /// Each, in bytes.
  static let sizeLimit = YAMLReader.sizeLimit
  /// Files that are read for one project, and their bytes.
  static let countLimit = 256
  static let totalLimit = 16 << 20
  /// Bytes that are given out, the same file again included: each time they are read through.
  static let workLimit = 64 << 20

  private(set) var sources = ComposeSources()
  private var known: [String: Result<[UInt8], Failure>] = [:]
  private var total = 0
  private var work = 0

  /// The whole file; each is read once.
  mutating func read(_ path: String) -> Result<[UInt8], Failure> {
    if let known = known[path] {
      if case .success(let bytes) = known { work += bytes.count }
      return work <= Self.workLimit ? known : .failure(.tooMany)
    }
    guard known.count < Self.countLimit, total < Self.totalLimit else { return .failure(.tooMany) }
    sources.note(path)
    let result = Self.contents(of: path)
    if case .success(let bytes) = result { total += bytes.count }
    known[path] = result
    return result
  }

  mutating func kind(of path: String) -> Kind? {
    sources.note(path)
    var status = stat()
    guard !path.utf8.contains(0), unsafe stat(path, &status) == 0 else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return .file
    case S_IFDIR: return .folder
    default: return .other
    }
  }

  private static func contents(of path: String) -> Result<[UInt8], Failure> {
    guard !path.utf8.contains(0) else { return .failure(.missing) }
    // Opening a pipe without O_NONBLOCK would wait for a writer.
    let file = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
    guard file >= 0 else { return .failure([ENOENT, ENOTDIR].contains(errno) ? .missing : .system(errno)) }
    defer { close(file) }
    var status = stat()
    guard unsafe fstat(file, &status) == 0 else { return .failure(.system(errno)) }
    guard status.st_mode & S_IFMT == S_IFREG else { return .failure(.notRegular) }
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = unsafe Glibc.read(file, &piece, piece.count)
      if count == 0 { return .success(bytes) }
      if count < 0 {
        guard errno == EINTR else { return .failure(.system(errno)) }
        continue
      }
      bytes += piece.prefix(count)
      guard bytes.count <= sizeLimit else { return .failure(.tooLarge) }
    }
  }
}
