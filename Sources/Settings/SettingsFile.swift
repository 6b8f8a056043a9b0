import Canvas
import Glibc
import YAML

/// Files of the user: regular ones of at most 1 MB.
enum SettingsFile {
  enum Failure: Error, Equatable, CustomStringConvertible {
    case missing
    case notRegular
    case tooLarge
    case system(Int32)

    var description: String {
      switch self {
      case .missing: "no such file"
      case .notRegular: "not a regular file; expected a YAML file"
      case .tooLarge: "larger than 1 MB; expected a small text file"
      case .system(let code): unsafe String(cString: strerror(code))
      }
    }
  }

  static func read(_ path: String) -> Result<[UInt8], Failure> {
    // Not blocking, so that a named pipe cannot hold up the start.
    let descriptor = unsafe open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC)
    guard descriptor >= 0 else { return .failure(errno == ENOENT || errno == ENOTDIR ? .missing : .system(errno)) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return .failure(.system(errno)) }
    guard status.st_mode & S_IFMT == S_IFREG else { return .failure(.notRegular) }
    var bytes = [UInt8](repeating: 0, count: YAMLReader.sizeLimit + 1)
    var filled = 0
    while filled < bytes.count {
      let count = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(descriptor, buffer.baseAddress?.advanced(by: filled), buffer.count - filled)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { return .failure(.system(errno)) }
      if count == 0 { return .success(Array(bytes.prefix(filled))) }
      filled += count
    }
    return .failure(.tooLarge)
  }

  /// The file and its folder, as far as others than their owner may write to them.
  static func placesOthersMayWrite(_ path: String) -> [String] {
    let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    return [path, folder].filter { place in
      var status = stat()
      guard unsafe stat(place, &status) == 0 else { return false }
      // In a folder such as /tmp nobody puts another's file away.
      let isSticky = status.st_mode & S_IFMT == S_IFDIR && status.st_mode & S_ISVTX != 0
      return status.st_mode & (S_IWGRP | S_IWOTH) != 0 && !isSticky
    }
  }
}
