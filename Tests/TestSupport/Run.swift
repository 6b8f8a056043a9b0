import Glibc
package import PrivateServer

/// Programs that a test runs beside itself.
package enum Run {
  package struct Result: Sendable {
    package let output: String
    /// Exit status, or 128 + the signal that ended it.
    package let status: Int
  }

  /// Runs `command` (the first word a path) to its end, with no input; standard output and error together.
  package static func output(_ command: [String], environment: [String] = currentEnvironment) throws -> Result {
    let running = try Running(command, environment: environment)
    let text = running.rest()
    return Result(output: text, status: running.end())
  }

  /// This process's environment, "NAME=value".
  package static var currentEnvironment: [String] {
    // Linux's own copy of it, because `environ` is a global that Swift 6 does not let us touch.
    guard let file = fopen("/proc/self/environ", "re") else { return [] }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    while case let next = fgetc(file), next != EOF { bytes.append(UInt8(truncatingIfNeeded: next)) }
    return bytes.split(separator: 0).map { String(decoding: $0, as: UTF8.self) }
  }
}

/// A program that runs beside the test. Its standard output and error come back through a pipe.
package final class Running: Sendable {
  package let child: ChildProcess
  private let outputEnd: CInt

  package init(_ command: [String], environment: [String] = Run.currentEnvironment) throws {
    var ends: [CInt] = [-1, -1]
    guard socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
      throw TestFailure.system("socketpair")
    }
    defer { close(ends[1]) }
    outputEnd = ends[0]
    child = try ChildProcess(command, environment: environment, descriptors: [nil, ends[1], ends[1]])
  }

  deinit { close(outputEnd) }

  /// The next line of output without its end; nil at the end.
  package func line() -> String? {
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while recv(outputEnd, &byte, 1, 0) == 1 {
      if byte == 0x0a { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(byte)
    }
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }

  /// All output from here to the end, waiting for it.
  package func rest() -> String {
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 65_536)
    while case let count = recv(outputEnd, &chunk, chunk.count, 0), count > 0 { bytes += chunk[..<count] }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Waits for the end. Exit status, or 128 + the signal.
  @discardableResult
  package func end() -> Int {
    guard let status = child.wait() else { return -1 }
    let signal = status & 0x7f
    return signal == 0 ? Int((status >> 8) & 0xff) : 128 + Int(signal)
  }
}
