import CPlatform
import Glibc
import Synchronization

/// Writes what happened and how long it took as JSON lines (`--trace`), each with `ms` since the process started.
///
/// Counts, times and command names only: nothing here takes a key name, a value or a secret.
package final class Trace: Sendable {
  package enum Event: Sendable, Equatable {
    case start
    case connected
    case firstFrame
    /// The first frame that shows a key.
    case firstKeys
    case scanProgress(keys: Int)
    case scanDone(keys: Int, milliseconds: Int64, residentBytes: Int64)
    /// A batch of `count` commands of this name was answered.
    case command(name: String, count: Int, microseconds: Int64)
    case frame(drawMicroseconds: Int64, flushedBytes: Int, writes: Int)
    /// From reading a key to the end of writing the frame that shows what it did.
    case inputToFrame(microseconds: Int64)
    case push
    case reconnect
  }

  private let file: Int32
  private let startedAt: Int64

  /// Opens (and empties) the file, readable by its owner only.
  /// - Parameter startedAt: ``nanoseconds`` at the start of the process.
  package init(path: String, startedAt: Int64) throws(ErrorLine) {
    file = try PrivateFile.create(path, option: "--trace")
    self.startedAt = startedAt
    write(.start)
  }

  deinit { close(file) }

  /// Nanoseconds of the clock that traces use; only differences mean something.
  package static var nanoseconds: Int64 { kg_boot_nanoseconds() }

  package func write(_ event: Event) {
    // One write a line: lines of several threads do not mix, and a crash loses none.
    var line = Array(Self.line(event, nanoseconds: Self.nanoseconds - startedAt).utf8)
    line.append(0x0a)
    _ = unsafe line.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
  }

  /// The line of an event that happened so many nanoseconds after the start.
  static func line(_ event: Event, nanoseconds: Int64) -> String {
    var line = JSONLine()
    line.add("ms", thousandths: nanoseconds / 1000)
    switch event {
    case .start: line.add("event", "start")
    case .connected: line.add("event", "connected")
    case .firstFrame: line.add("event", "first_frame")
    case .firstKeys: line.add("event", "first_keys")
    case .scanProgress(let keys):
      line.add("event", "scan_progress")
      line.add("keys", keys)
    case .scanDone(let keys, let milliseconds, let residentBytes):
      line.add("event", "scan_done")
      line.add("keys", keys)
      line.add("seconds", thousandths: milliseconds)
      line.add("bytes_resident", residentBytes)
    case .command(let name, let count, let microseconds):
      line.add("event", "command")
      line.add("name", name)
      line.add("count", count)
      line.add("us", microseconds)
    case .frame(let drawMicroseconds, let flushedBytes, let writes):
      line.add("event", "frame")
      line.add("draw_us", drawMicroseconds)
      line.add("flush_bytes", flushedBytes)
      line.add("writes", writes)
    case .inputToFrame(let microseconds):
      line.add("event", "input_to_frame")
      line.add("us", microseconds)
    case .push: line.add("event", "push")
    case .reconnect: line.add("event", "reconnect")
    }
    return line.line
  }
}
