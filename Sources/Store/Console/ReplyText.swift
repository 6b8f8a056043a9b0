package import RESP
package import Requests

/// Replies as the lines that redis-cli shows of them on a terminal, made when they are asked for.
///
/// There is nothing for a line that is not on the screen: only places to go on from, every few hundred lines, and none
/// at all inside an array of scalars, where each line is found at once.
package struct ReplyText: Sendable {
  /// A place from which lines can be walked.
  struct Checkpoint: Sendable {
    /// The first line behind it.
    let line: Int
    let walker: LineWalker
  }

  /// Lines between two checkpoints, and lines that are searched at a time.
  static let interval = 512

  let checkpoints: [Checkpoint]
  /// Number of lines of all replies together.
  package let lineCount: Int

  /// Goes once through the replies; a flat one costs a look at the kind of each element.
  ///
  /// - Parameter isPage: whether a text among the replies is one for eyes, such as that of INFO: its lines as they are.
  package init(_ replies: [ReplyView], isPage: Bool) {
    var walker = LineWalker(replies, isPage: isPage)
    var checkpoints = [Checkpoint(line: 0, walker: walker)]
    var sink = LineCounter()
    var line = 0
    while true {
      let flat = walker.flatLines()
      if line - checkpoints[checkpoints.count - 1].line >= Self.interval || flat >= Self.interval {
        checkpoints.append(Checkpoint(line: line, walker: walker))
      }
      if flat > 0 {
        walker.skipFlatLines(flat)
        line += flat
      } else {
        guard walker.next(into: &sink) else { break }
        line += 1
      }
    }
    self.checkpoints = checkpoints
    lineCount = line
  }

  /// These lines, as far as they exist.
  ///
  /// - Parameter longest: bytes of a part that are kept.
  package func lines(_ range: Range<Int>, longest: Int = 4096) -> [ReplyLine] {
    let range = range.clamped(to: 0..<lineCount)
    guard !range.isEmpty else { return [] }
    var walker = walker(at: range.lowerBound)
    return range.map { _ in
      var builder = LineBuilder(longest: longest)
      _ = walker.next(into: &builder)
      return builder.line
    }
  }

  /// A walker whose next line is this one.
  func walker(at line: Int) -> LineWalker {
    var (low, high) = (0, checkpoints.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if checkpoints[middle].line <= line { low = middle } else { high = middle }
    }
    var walker = checkpoints[low].walker
    _ = walker.skip(line - checkpoints[low].line)
    return walker
  }
}
