import RESP
import Requests

/// Goes through replies line by line, in the layout of redis-cli on a terminal. A copy is a place to go on from.
///
/// The layout was measured with redis-cli 7.0: an element's number is as wide as the last one's, what is inside is
/// indented by it, `1# key => value` keeps a value that fits one line beside its key and puts any other below it. What
/// redis-cli cannot print is laid out alike: the pairs of an attribute, `|# key => value`, stand above their element.
struct LineWalker {
  /// An aggregate whose children are being walked.
  struct Frame {
    var children: ReplyView.Children
    let view: ReplyView
    /// Digits of the greatest number; an attribute's pairs have none.
    let width: Int
    /// The number of the child or pair that was begun last.
    var number = 0
    /// Whether a key has been begun and its value has not.
    var isAtKey = false
    /// Whether each of its children, or pairs, is one line: known once it was needed.
    var isFlat: Bool?

    var isAttribute: Bool { view.kind == .attributed }
    var hasPairs: Bool { isAttribute || view.kind == .map }
    var margin: Int { width + 2 }
  }

  private let replies: [ReplyView]
  /// Whether a reply that is a single text is one for eyes, such as that of INFO.
  private let isPage: Bool
  private var nextReply = 0
  private var stack: [Frame] = []
  /// What begins the next line, in place of the next child.
  private var pending: ReplyView?
  private var text: TextWalk?

  init(_ replies: [ReplyView], isPage: Bool) {
    self.replies = replies
    self.isPage = isPage
  }

  /// Walks one line. False at the end.
  mutating func next(into sink: inout some LineSink) -> Bool {
    if text != nil {
      continueText(&sink)
    } else if let view = pending {
      pending = nil
      addMargin(&sink, frames: stack.count)
      begin(view, &sink)
    } else if !stack.isEmpty {
      addMargin(&sink, frames: stack.count - 1)
      beginChild(&sink)
    } else {
      guard nextReply < replies.count else { return false }
      nextReply += 1
      let view = replies[nextReply - 1]
      if isPage, !view.kind.isAggregate, !view.isNull {
        guard let page = TextWalk(page: view) else { return next(into: &sink) }
        text = page
        continueText(&sink)
      } else {
        begin(view, &sink)
      }
    }
    settle(&sink)
    return true
  }

  /// Lines of the current aggregate that can be skipped at once; 0 where that is not known to be possible.
  mutating func flatLines() -> Int {
    guard text == nil, pending == nil, let last = stack.indices.last, !stack[last].isAttribute else { return 0 }
    let isFlat = stack[last].isFlat ?? (stack[last].view.isFlat && !stack[last].view.hasChild(of: .verbatim))
    stack[last].isFlat = isFlat
    guard isFlat else { return 0 }
    return stack[last].children.remaining / (stack[last].hasPairs ? 2 : 1)
  }

  /// Skips so many of the `flatLines`.
  mutating func skipFlatLines(_ count: Int) {
    let last = stack.count - 1
    stack[last].children.skipScalars(stack[last].hasPairs ? 2 * count : count)
    stack[last].number += count
    var sink = LineCounter()
    settle(&sink)
  }

  /// Skips up to `count` lines. Returns how many there were.
  mutating func skip(_ count: Int) -> Int {
    var sink = LineCounter()
    var skipped = 0
    while skipped < count {
      let flat = min(flatLines(), count - skipped)
      if flat > 0 {
        skipFlatLines(flat)
        skipped += flat
      } else {
        guard next(into: &sink) else { break }
        skipped += 1
      }
    }
    return skipped
  }

  // MARK: - Elements

  private mutating func begin(_ view: ReplyView, _ sink: inout some LineSink) {
    if view.kind == .verbatim {
      text = TextWalk(verbatim: view)
      continueText(&sink)
    } else if view.kind.isAggregate, view.count > 0 {
      let pairs = view.kind == .map ? view.count / 2 : view.count
      let width = view.kind == .attributed ? 1 : String(pairs).utf8.count
      stack.append(Frame(children: view.children, view: view, width: width))
      beginChild(&sink)
    } else {
      add(scalar: view, &sink)
    }
  }

  /// Begins the next child of the last frame, which has one.
  private mutating func beginChild(_ sink: inout some LineSink) {
    let last = stack.count - 1
    guard let child = stack[last].children.next() else { return }
    stack[last].number += 1
    stack[last].isAtKey = stack[last].hasPairs
    sink.add(sign: Self.head(of: stack[last]), isInAttribute ? .attribute : .sign)
    begin(child, &sink)
  }

  /// What follows the element that just ended, on the same line: the arrow behind a key, and its value if that is one
  /// line. Leaves every aggregate that has ended.
  private mutating func settle(_ sink: inout some LineSink) {
    while text == nil, pending == nil, let last = stack.indices.last {
      if stack[last].isAtKey {
        stack[last].isAtKey = false
        guard let value = stack[last].children.next() else { continue }
        sink.add(sign: " => ", isInAttribute ? .attribute : .sign)
        if Self.isOneLine(value) {
          begin(value, &sink)
        } else {
          pending = value
        }
      } else if stack[last].isAttribute, stack[last].children.remaining == 1 {
        pending = stack[last].children.next()
        stack.removeLast()
      } else if stack[last].children.remaining == 0 {
        stack.removeLast()
      } else {
        return
      }
    }
  }

  /// Whether redis-cli puts a value beside its key: no aggregate in it has more than one element. A text of several
  /// lines counts as one.
  private static func isOneLine(_ view: ReplyView) -> Bool {
    var view = view
    while view.kind.isAggregate {
      switch (view.kind, view.count) {
      case (.attributed, _): return false
      case (_, 0): return true
      case (.map, 2):
        guard isOneLine(view[0]) else { return false }
        view = view[1]
      case (_, 1): view = view[0]
      default: return false
      }
    }
    return true
  }

  private mutating func continueText(_ sink: inout some LineSink) {
    guard var walk = text else { return }
    let line = walk.next()
    sink.add(line, isInAttribute ? .attribute : walk.role, isQuoted: false)
    text = walk.isAtEnd ? nil : walk
  }

  private func add(scalar view: ReplyView, _ sink: inout some LineSink) {
    let isInAttribute = isInAttribute
    func role(_ role: ReplyLine.Role) -> ReplyLine.Role { isInAttribute ? .attribute : role }
    switch view.kind {
    case .null: sink.add(sign: "(nil)", role(.null))
    case .boolean: sink.add(sign: view.string == "t" ? "(true)" : "(false)", role(.boolean))
    case .integer, .double, .bigNumber:
      sink.add(sign: Self.sign(of: view.kind), role(.sign))
      sink.add(view.bytes, role(.number), isQuoted: false)
    case .error:
      sink.add(sign: "(error) ", role(.error))
      sink.add(view.bytes, role(.error), isQuoted: false)
    case .simpleString: sink.add(view.bytes, role(.status), isQuoted: false)
    case .map: sink.add(sign: "(empty hash)", role(.sign))
    case .set: sink.add(sign: "(empty set)", role(.sign))
    case .array, .push, .attributed: sink.add(sign: "(empty array)", role(.sign))
    case .bulkString, .verbatim: sink.add(view.bytes, role(.string), isQuoted: true)
    }
  }

  // MARK: - Signs

  private var isInAttribute: Bool { stack.contains { $0.isAttribute } }

  private func addMargin(_ sink: inout some LineSink, frames: Int) {
    guard frames > 0 else { return }
    sink.add(sign: String(repeating: " ", count: stack[..<frames].reduce(0) { $0 + $1.margin }), .sign)
  }

  private static func sign(of kind: ReplyKind) -> String {
    switch kind {
    case .integer: "(integer) "
    case .double: "(double) "
    default: "(big number) "
    }
  }

  private static func head(of frame: Frame) -> String {
    let mark =
      switch frame.view.kind {
      case .attributed: "|# "
      case .map: "# "
      case .set: "~ "
      default: ") "
      }
    guard !frame.isAttribute else { return mark }
    let number = String(frame.number)
    return String(repeating: " ", count: frame.width - number.utf8.count) + number + mark
  }
}
