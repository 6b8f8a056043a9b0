import Glibc

/// Temporary folders and the folder of the built executables.
package enum TestFolder {
  /// A new folder with mode 0700 and a short path, as sockets need it.
  package static func make() throws -> String {
    var path = Array("/tmp/kgtest-XXXXXX".utf8CString)
    guard mkdtemp(&path) != nil else { throw TestFailure.system("mkdtemp") }
    return String(decoding: path.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
  }

  package static func remove(_ path: String) { _ = try? Run.output(["/bin/rm", "-rf", path]) }

  /// A file with this text, in place of one that is there.
  package static func write(_ text: String, to path: String) throws {
    guard let file = fopen(path, "we") else { throw TestFailure.system(path) }
    defer { fclose(file) }
    guard fputs(text, file) >= 0 else { throw TestFailure.system(path) }
  }

  /// The path of an executable of this package: it lies beside the program that runs the tests.
  package static func executable(_ name: String) throws -> String {
    var buffer = [CChar](repeating: 0, count: 4096)
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    guard count > 0 else { throw TestFailure.system("/proc/self/exe") }
    let own = String(decoding: buffer[..<count].map(UInt8.init(bitPattern:)), as: UTF8.self)
    let folder = own[..<(own.lastIndex(of: "/") ?? own.endIndex)]
    let path = "\(folder)/\(name)"
    guard access(path, X_OK) == 0 else { throw TestFailure("\(path) is not built: make it a dependency of the target") }
    return path
  }
}
