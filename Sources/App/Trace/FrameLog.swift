import Canvas
import Glibc
import Synchronization

/// Appends every frame that is drawn to the terminal to a file (`--frames`, for tests): what an emulator has to show
/// that got the same bytes as the terminal.
///
/// A frame is a line `=== NUMBER INPUTS UPDATES WIDTHxHEIGHT X,Y STATE`, with how many keys and pastes were read before it,
/// how many frames up to it have sent anything, the cursor's place, and `idle` or `busy`; and its rows: the cells with U+001F between them, each as it is to be drawn, the
/// right half of a wide glyph empty.
package final class FrameLog: Sendable {
  private let file: Int32
  private let count = Atomic<Int>(0)

  package init(path: String) throws(ErrorLine) {
    file = try PrivateFile.create(path, option: "--frames")
  }

  deinit { close(file) }

  /// What has happened before a frame.
  struct Past {
    /// Keys and pastes that were read.
    var inputs = 0
    /// Frames that have sent anything, this one included.
    var updates = 0
    /// Whether nothing is owed any more that would change the frame.
    var isIdle = false
  }

  func write(_ frame: Frame, after past: Past) {
    let number = count.add(1, ordering: .relaxed).newValue
    let text = Array(Self.text(of: frame, number: number, after: past).utf8)
    // One write a frame: who reads the file meanwhile finds whole frames, or one that is not finished.
    _ = unsafe text.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
  }

  static func text(of frame: Frame, number: Int, after past: Past) -> String {
    let cursor = frame.cursor.map { "\($0.x),\($0.y)" } ?? "-"
    let size = "\(frame.size.width)x\(frame.size.height)"
    let state = past.isIdle ? "idle" : "busy"
    var text = "=== \(number) \(past.inputs) \(past.updates) \(size) \(cursor) \(state)\n"
    for y in 0..<frame.size.height {
      let cells = frame.row(y).map { cell in
        cell.isContinuation ? "" : String(String.UnicodeScalarView(cell.glyph.drawn))
      }
      text += cells.joined(separator: "\u{1F}") + "\n"
    }
    return text
  }
}
