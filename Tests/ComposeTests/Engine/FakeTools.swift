import Glibc
import TestSupport

/// Shell scripts that stand in for docker and docker-compose, alone in their PATH, for what real ones do not do on demand.
final class FakeTools: Sendable {
  let folder: String

  init() throws { folder = try TestFolder.make() }

  deinit { TestFolder.remove(folder) }

  /// What the code under test hands to its children.
  var environment: [String: String] { ["PATH": folder, "HERE": folder] }

  /// - Parameter script: of /bin/sh; other programs by their path. `$HERE` is the folder.
  func add(_ name: String, _ script: String) throws {
    try write("#!/bin/sh\n" + script + "\n", to: name)
    chmod("\(folder)/\(name)", 0o700)
  }

  func write(_ text: String, to name: String) throws {
    // Renamed into place, so that a script never reads half of it.
    let path = "\(folder)/\(name)"
    try TestFolder.write(text, to: path + ".new")
    rename(path + ".new", path)
  }

  func read(_ name: String) -> String? {
    guard let file = fopen("\(folder)/\(name)", "re") else { return nil }
    defer { fclose(file) }
    var text: [UInt8] = []
    while case let next = fgetc(file), next != EOF { text.append(UInt8(truncatingIfNeeded: next)) }
    return String(decoding: text, as: UTF8.self)
  }

  /// The process whose id a script wrote into the file `name`; nil before.
  func process(_ name: String) -> pid_t? {
    read(name).flatMap { $0.hasSuffix("\n") ? pid_t($0.dropLast()) : nil }
  }
}

/// Whether a process is there. One that nobody reaps, because its parent is gone and there is no init, is not.
func isRunning(_ id: pid_t) -> Bool {
  guard let file = fopen("/proc/\(id)/stat", "re") else { return false }
  defer { fclose(file) }
  var text: [UInt8] = []
  while case let next = fgetc(file), next != EOF { text.append(UInt8(truncatingIfNeeded: next)) }
  // `PID (NAME) STATE …`
  let line = String(decoding: text, as: UTF8.self)
  guard let end = line.lastIndex(of: ")") else { return false }
  return !line[end...].hasPrefix(") Z")
}

/// Waits without keeping a thread; false when it has not come within half a minute.
func eventually(_ condition: () throws -> Bool) async rethrows -> Bool {
  try await Eventually.until {
    await Task.yield()
    return try condition()
  }
}
