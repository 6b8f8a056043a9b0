import Canvas
import Glibc
import RESP
import RedisClient

/// What exec tells of a file's commands: replies on standard output, errors and how far it is on standard error.
struct FileReport {
  /// For messages.
  let name: String
  /// Nil: replies are not printed.
  let format: ReplyFormat?
  private(set) var progress: ExecProgress
  private var output = OutputBuffer.standardOutput

  init(name: String, format: ReplyFormat?, isPlain: Bool) {
    self.name = name
    self.format = format
    progress = ExecProgress(
      isLive: !isPlain && (format == nil || isatty(STDOUT_FILENO) == 0),
      isASCII: isPlain || Escape.charset == .ascii)
  }

  /// Whether somebody still reads what is printed.
  var isRead: Bool { output.isOpen }

  /// Tells of one batch.
  mutating func add(_ batch: FileBatch, _ replies: Replies) throws(ErrorLine) {
    var remaining = replies[...]
    for entry in batch.entries {
      if let error = entry.refusal {
        progress.countRefusal()
        progress.erase()
        Output.complain("\(name):\(entry.line): not sent: \(error.why). \(error.nextStep).")
        if let format { try format.write(notSent: error.why, into: &output) }
        continue
      }
      guard let reply = remaining.popFirst() else { break }
      let element = reply.element
      progress.count(isError: element.isError)
      if element.isError {
        progress.erase()
        Output.complain("\(name):\(entry.line): (error) " + Escape.string(element.bytes, context: .value))
      }
      if let format { try format.write(reply, isPage: entry.isPage, into: &output) }
    }
    try output.flush()
    progress.draw()
  }

  /// Ends with the totals.
  mutating func finish() {
    progress.finish()
  }

  /// A file some of whose commands failed does not end well.
  var status: ExitStatus {
    if progress.errors > 0 { return .serverError }
    return progress.refusals > 0 ? .refused : .success
  }
}
