import Canvas
import RESP

/// How far a file of commands is, for when it ends before its time.
struct FileFate: Sendable {
  /// The file's, for messages.
  let name: String
  /// Commands that the server answered.
  private(set) var answered = 0
  /// Those whose replies are still to come, and the line of the first.
  private var underWay: (count: Int, line: Int)?

  init(name: String) {
    self.name = name
  }

  /// The batch goes out.
  mutating func send(_ batch: FileBatch) {
    underWay = batch.firstLine.map { (batch.commands.count, $0) }
  }

  /// What went out was answered.
  mutating func receive() {
    answered += underWay?.count ?? 0
    underWay = nil
  }

  /// What was to go out did not.
  mutating func withdraw() {
    underWay = nil
  }

  /// Whether commands may have been carried out whose replies nobody has seen.
  var isOpen: Bool { underWay != nil }

  /// `after 256 commands; what became of the next 3, from FILE:257 on, is not known`
  var text: String {
    if let (count, line) = underWay {
      return
        "after \(Self.commands(answered)); what became of the next \(Format.count(count)), from \(name):\(line) on, "
        + "is not known"
    }
    return answered == 0
      ? "before anything was sent" : "after \(Self.commands(answered)); nothing behind them was sent"
  }

  /// `3 commands were sent by then`
  var sent: String {
    switch answered {
    case 0: "nothing was sent"
    case 1: "1 command was sent by then"
    default: "\(Self.commands(answered)) were sent by then"
    }
  }

  private static func commands(_ count: Int) -> String {
    "\(Format.count(count)) command\(count == 1 ? "" : "s")"
  }
}
