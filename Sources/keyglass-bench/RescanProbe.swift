import CPlatform
import Glibc
import Requests

/// Memory of the Store while it scans all keys anew beside what it has (`R`). Runs in a process of its own.
struct RescanProbe {
  static let word = "--rescan-probe"

  /// Resident growth in bytes: once the scan was done, and at most until the second one was.
  let once: Double
  let peak: Double

  static func run(_ path: String) async throws -> RescanProbe {
    let before = kg_memory_resident_bytes()
    let session = try await StoreSession(path)
    _ = try await session.scan()
    kg_memory_release_free()
    let once = kg_memory_resident_bytes() - before
    try Self.forgetPeak()
    try await session.ask(.rescan)
    _ = try await session.waitForScan(isRescan: true)
    let peak = try Self.peak() - before
    await session.end()
    return RescanProbe(once: Double(once), peak: Double(peak))
  }

  var numbers: [Double] { [once, peak] }

  private init(once: Double, peak: Double) {
    self.once = once
    self.peak = peak
  }

  init(_ numbers: [Double]) throws(Malfunction) {
    guard numbers.count == 2 else { throw Malfunction("the rescan probe printed \(numbers)") }
    self.init(once: numbers[0], peak: numbers[1])
  }

  /// The kernel's mark of the most resident memory begins anew (proc(5), clear_refs).
  private static func forgetPeak() throws(Malfunction) {
    let file = unsafe open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)
    defer { close(file) }
    guard file >= 0, unsafe write(file, "5", 1) == 1 else { throw Malfunction("/proc/self/clear_refs: not writable") }
  }

  /// Bytes.
  private static func peak() throws(Malfunction) -> Int64 {
    let lines = TextFile.read("/proc/self/status")?.split(separator: "\n") ?? []
    let words = lines.first { $0.hasPrefix("VmHWM:") }?.split(whereSeparator: \.isWhitespace) ?? []
    guard words.count == 3, let kilobytes = Int64(words[1]) else { throw Malfunction("/proc/self/status: no VmHWM") }
    return kilobytes * 1024
  }
}
