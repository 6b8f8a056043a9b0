/// Why the engine, or a program that talks with it, did not do what it was asked, in one line that may be any text.
package struct EngineTrouble: Error, Sendable, Equatable {
  package var why: String

  package init(_ why: String) { self.why = why }

  /// What a program wrote on standard error, without what helps nobody.
  ///
  /// docker writes one line, with the address of the request in it (`error during connect: Get "http://…": dial tcp …`)
  /// or a hint to `--help` behind it; docker-compose 1 writes Python's traceback, whose last line says what it was;
  /// podman, where it stands in for docker, says so first.
  init(output: [UInt8], of program: String, status: String) {
    let lines = String(decoding: output, as: UTF8.self).split { $0.isNewline }
      .map { String($0.trimmed) }
      .filter { !$0.isEmpty && !$0.hasPrefix("Emulate Docker CLI using podman") && !$0.hasPrefix(">>>> Executing") }
    let isTraceback = lines.contains { $0.hasPrefix("Traceback (most recent call last)") }
    guard var line = (isTraceback ? lines.last : lines.first) else {
      why = "\(program) ended with \(status) and said nothing"
      return
    }
    for noise in ["error during connect: ", "Error response from daemon: ", "Error: "] where line.hasPrefix(noise) {
      line.removeFirst(noise.count)
    }
    for method in ["Get", "Post", "Head"] {
      guard let request = line.firstRange(of: "\(method) \""),
        let end = line[request.upperBound...].firstRange(of: "\": ")
      else { continue }
      line.removeSubrange(request.lowerBound..<end.upperBound)
    }
    why = line
  }
}
