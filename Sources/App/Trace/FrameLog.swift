import Canvas
import Glibc
import Synchronization

/// Appends every frame that is drawn to the terminal to a file (`--frames`, for tests): what an emulator has to show
/// that got the same bytes as the terminal.
///
/// A frame is a line `=== NUMBER INPUTS WIDTHxHEIGHT X,Y STATE`, with how many keys and pastes were read before it, the
/// cursor's place and `idle` or `busy`, and its rows: the cells with U+001F between them, each as it is to be drawn, the
/// right half of a wide glyph empty.
package final class FrameLog: Sendable {
  private let file: Int32
  private let count = Atomic<Int>(0)

  package init(path: String) throws(ErrorLine) {
    file = try PrivateFile.create(path, option: "--frames")
  }

  deinit { close(file) }

  /// - Parameters:
  ///   - inputs: how many keys and pastes were read before.
  ///   - isIdle: whether nothing is owed that would change the frame.
  func write(_ frame: Frame, inputs: Int, isIdle: Bool) {
    let number = count.add(1, ordering: .relaxed).newValue
    let text = Array(Self.text(of: frame, number: number, inputs: inputs, isIdle: isIdle).utf8)
    // One write a frame: who reads the file meanwhile finds whole frames, or one that is not finished.
    _ = unsafe text.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
  }

  static func text(of frame: Frame, number: Int, inputs: Int, isIdle: Bool) -> String {
    let cursor = frame.cursor.map { "\($0.x),\($0.y)" } ?? "-"
    var text =
      "=== \(number) \(inputs) \(frame.size.width)x\(frame.size.height) \(cursor) \(isIdle ? "idle" : "busy")\n"
    for y in 0..<frame.size.height {
      let cells = frame.row(y).map { cell in
        cell.isContinuation ? "" : String(String.UnicodeScalarView(cell.glyph.drawn))
      }
      text += cells.joined(separator: "\u{1F}") + "\n"
    }
    return text
  }
}
