internal import DequeModule
internal import RESP
internal import RedisClient
internal import Requests
internal import Synchronization
internal import Values

/// A stream that the console follows: of the messages that came the newest are kept, all are counted.
///
/// The event loop adds, the Store looks: a lock keeps them apart. Nothing waits for the screen.
final class ConsoleStream: Sendable {
  /// Messages that are kept, and bytes of them together; the newest is kept whatever its size.
  static let mostMessages = 10_000
  static let mostBytes = 8 << 20

  struct Message: Sendable {
    /// Ms since 1970 by the local clock.
    var wall: Int64
    var reply: ReplyView
    var size: Int
    /// It tells that a subscription, or MONITOR, has begun.
    var isConfirmation: Bool
  }

  private struct Kept: Sendable {
    var messages: Deque<Message> = []
    var bytes = 0
    var received = 0
    var confirmations = 0
    var droppedConfirmations = 0
    var end: String?
  }

  let id: Int
  private let kept = Mutex(Kept())

  init(id: Int) { self.id = id }

  func add(_ reply: ReplyView, wall: Int64) {
    let size = reply.residentBytes
    kept.withLock { kept in
      let isConfirmation = Self.isConfirmation(reply.element, isFirst: kept.received == 0)
      kept.received += 1
      if isConfirmation { kept.confirmations += 1 }
      kept.messages.append(Message(wall: wall, reply: reply, size: size, isConfirmation: isConfirmation))
      kept.bytes += size
      while kept.messages.count > Self.mostMessages || kept.bytes > Self.mostBytes && kept.messages.count > 1 {
        let oldest = kept.messages.removeFirst()
        kept.bytes -= oldest.size
        if oldest.isConfirmation { kept.droppedConfirmations += 1 }
      }
    }
  }

  private static func isConfirmation(_ reply: ReplyView, isFirst: Bool) -> Bool {
    guard let kind = reply.children.first(where: { _ in true })?.element.string else {
      return isFirst && reply.kind == .simpleString && reply.string == "OK"
    }
    return kind.hasSuffix("subscribe")
  }

  /// Notes why it is over; the first reason stays.
  func finish(_ why: String) {
    kept.withLock { $0.end = $0.end ?? why }
  }

  var received: Int { kept.withLock { $0.received } }

  var isOver: Bool { kept.withLock { $0.end != nil } }

  /// - Parameters:
  ///   - rate: messages in the last second.
  ///   - tail: how many of the newest lines.
  func status(rate: Int, tail: Int) -> StreamStatus {
    let id = id
    // Only the newest leave the lock: a copy of all would be one of the event loop's too, with its next message.
    var (status, newest) = kept.withLock { kept in
      var status = StreamStatus(
        id: id, received: kept.received, dropped: kept.received - kept.messages.count, rate: rate, end: kept.end)
      status.confirmations = kept.confirmations
      status.droppedConfirmations = kept.droppedConfirmations
      return (status, Array(kept.messages.suffix(tail)))
    }
    status.tail = newest.map(\.line)
    return status
  }

  /// Lines by the number of their message since the beginning; what was dropped is left out.
  func page(_ lines: Range<Int>) -> ReplyPage {
    let (messages, start) = kept.withLock { kept -> ([Message], Int) in
      let first = kept.received - kept.messages.count
      let wanted = lines.clamped(to: first..<kept.received)
      return (Array(kept.messages[(wanted.lowerBound - first)..<(wanted.upperBound - first)]), wanted.lowerBound)
    }
    return ReplyPage(reply: id, start: start, lines: messages.map(\.line))
  }

  /// What a message carries, whole; nothing of one that was dropped.
  func element(_ number: Int) -> [UInt8] {
    let message = kept.withLock { kept -> Message? in
      let index = number - (kept.received - kept.messages.count)
      return kept.messages.indices.contains(index) ? kept.messages[index] : nil
    }
    guard let reply = message?.reply.element else { return [] }
    return Array(reply.children.reduce(reply.bytes) { $1.element.bytes.isEmpty ? $0 : $1.element.bytes })
  }

  /// The next message that holds these bytes, as they are.
  func firstLine(containing text: [UInt8], from number: Int, forward: Bool) -> Int? {
    let (messages, first) = kept.withLock { (Array($0.messages), $0.received - $0.messages.count) }
    func holds(_ index: Int) -> Bool {
      let reply = messages[index].reply.element
      return reply.children.reduce(TextLines.holds(Array(reply.bytes), text)) { found, child in
        found || TextLines.holds(Array(child.element.bytes), text)
      }
    }
    let start = min(max(0, number.subtractingReportingOverflow(first).partialValue), messages.count)
    let hit =
      forward ? (start..<messages.count).first(where: holds) : (0..<min(start + 1, messages.count)).last(where: holds)
    return hit.map { $0 + first }
  }
}

extension ConsoleStream.Message {
  /// Bytes of a message's parts that are shown.
  private static let longest = 2_048

  /// `12:00:01.250  news  "hello"`: when, the channel, what. Of MONITOR the server's line, which is quoted by it.
  var line: ReplyLine {
    let parts = Array(reply.element.children.map(\.element))
    let time = ReplyLine.Part(.time, Array(String(wall).utf8))
    guard let kind = parts.first, parts.count >= 2 else {
      if let command = monitored { return command }
      let role: ReplyLine.Role = reply.element.isError ? .error : .status
      return ReplyLine(parts: [time, part(reply.element, role, isQuoted: false)])
    }
    switch (kind.string, parts.count) {
    case ("message", 3), ("smessage", 3):
      return ReplyLine(parts: [time, part(parts[1], .attribute, isQuoted: false), .init(sign: "  "), part(parts[2])])
    case ("pmessage", 4):
      return ReplyLine(parts: [time, part(parts[2], .attribute, isQuoted: false), .init(sign: "  "), part(parts[3])])
    default:
      var shown = [time, part(kind, .status, isQuoted: false)]
      for word in parts.dropFirst() { shown += [.init(sign: "  "), part(word, .attribute, isQuoted: false)] }
      return ReplyLine(parts: shown)
    }
  }

  /// `1339518083.107412 [0 127.0.0.1:60866] "keys" "*"`, a line of MONITOR: its time is the server's, and what follows is
  /// escaped by it already.
  private var monitored: ReplyLine? {
    let text = reply.element.bytes
    guard reply.element.kind == .simpleString, let blank = text.firstIndex(of: UInt8(ascii: " ")),
      let seconds = Double(String(decoding: text[..<blank], as: UTF8.self)), seconds > 0, seconds < 1e12
    else { return nil }
    let rest = text[(blank + 1)...]
    return ReplyLine(parts: [
      .init(.time, Array(String(Int64(seconds * 1_000)).utf8)),
      .init(.escaped, Array(rest.prefix(Self.longest)), omitted: max(0, rest.count - Self.longest)),
    ])
  }

  private func part(_ reply: ReplyView, _ role: ReplyLine.Role = .string, isQuoted: Bool = true) -> ReplyLine.Part {
    let bytes = reply.bytes
    return ReplyLine.Part(
      role, Array(bytes.prefix(Self.longest)), isQuoted: isQuoted, omitted: max(0, bytes.count - Self.longest))
  }
}
