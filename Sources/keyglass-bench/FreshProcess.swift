import Glibc
import PrivateServer

/// This program once more, for what only a fresh process can tell.
enum FreshProcess {
  /// Runs it with these arguments and returns the numbers of the line that it prints.
  static func numbers(_ arguments: [String]) throws -> [Double] {
    var ends: [CInt] = [0, 0]
    guard unsafe pipe(&ends) == 0 else { throw Malfunction("no pipe") }
    let child = try ChildProcess([file] + arguments, environment: [], descriptors: [nil, ends[1], 2])
    close(ends[1])
    defer { close(ends[0]) }
    var bytes = [UInt8](repeating: 0, count: 512)
    let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(ends[0], $0.baseAddress, $0.count) }
    guard child.wait() == 0 else { throw Malfunction("\(arguments.joined(separator: " ")) failed") }
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
      .split(whereSeparator: \.isWhitespace).compactMap { Double(String($0)) }
  }

  /// The file of this program, and the folder it stands in.
  static let file: String = {
    var bytes = [CChar](repeating: 0, count: 4096)
    let count = unsafe readlink("/proc/self/exe", &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)).map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }()
  static var folder: String { String(file[..<(file.lastIndex(of: "/") ?? file.endIndex)]) }
}
