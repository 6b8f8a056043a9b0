internal import RESP
internal import Requests

#if canImport(Glibc)
  private import Glibc
#endif

/// The replies that the console shows: lines of them, what is found in them, and the way out.
extension Store {
  /// Keeps the replies for the screen, which gets their beginning with the report.
  ///
  /// - Parameter size: bytes of memory that they hold.
  func keep(_ replies: [ReplyView], size: Int, of command: ConsoleCommand, in report: inout ConsoleReport) {
    guard !replies.isEmpty else { return }
    let isPage = ReplyText.isPage(command.words)
    let text = ReplyText(replies, isPage: isPage)
    report.lineCount = text.lineCount
    report.head = text.lines(0..<min(ConsoleCommand.headLength, text.lineCount))
    console.replies.keep(
      .init(text: text, roots: replies, isPage: isPage, size: size), as: command.id, oldest: command.oldest)
  }

  /// Lines of a reply that is kept; none of another.
  func lines(_ range: ReplyRange) -> ReplyPage {
    if let stream = console.stream, stream.id == range.reply { return stream.page(range.lines) }
    guard let reply = console.replies[range.reply] else {
      return ReplyPage(reply: range.reply, start: range.lines.lowerBound, lines: [])
    }
    let wanted = range.lines.clamped(to: 0..<reply.text.lineCount)
    return ReplyPage(reply: range.reply, start: wanted.lowerBound, lines: reply.text.lines(wanted))
  }

  /// The next line that holds the text, at or behind a place (before it, backward), through the replies in this order.
  func find(_ text: [UInt8], in ids: [Int], from place: ReplyPlace, forward: Bool) -> ReplyPlace? {
    guard let start = ids.firstIndex(of: place.reply) else { return nil }
    for id in forward ? Array(ids[start...]) : ids[...start].reversed() {
      if let stream = console.stream, stream.id == id {
        let from = id == place.reply ? place.line : forward ? 0 : Int.max
        if let line = stream.firstLine(containing: text, from: from, forward: forward) {
          return ReplyPlace(reply: id, line: line)
        }
        continue
      }
      guard let reply = console.replies[id]?.text, reply.lineCount > 0 else { continue }
      let from = id == place.reply ? place.line : forward ? 0 : reply.lineCount - 1
      guard from >= 0, from < reply.lineCount else { continue }
      if let line = reply.firstLine(containing: text, from: from, forward: forward) {
        return ReplyPlace(reply: id, line: line)
      }
    }
    return nil
  }

  /// Bytes of a document that is handed over whole.
  private static let documentLimit = 256 << 20

  /// - Throws: where the reply is not kept any more, or too big.
  func document(of id: Int, _ form: ReplyForm) throws(Failure) -> [UInt8] {
    if case .element(let line) = form, let stream = console.stream, stream.id == id { return stream.element(line) }
    guard let reply = console.replies[id] else {
      throw Failure(
        kind: .server, what: "the reply", why: Array("it is not kept any more".utf8),
        nextStep: "Send the command again")
    }
    guard reply.size <= Self.documentLimit else {
      throw Failure(
        kind: .server, what: "the reply", why: Array("it is too big for that".utf8),
        nextStep: "'keyglass exec' writes it to a file")
    }
    if case .element(let line) = form { return reply.text.element(onLine: line) }
    return options.format(reply.roots, reply.isPage, form)
  }

  /// Writes it to a new file; one that is there is left alone.
  func save(_ id: Int, _ form: ReplyForm, _ path: String) async throws(Failure) -> Answer {
    let bytes = try document(of: id, form)
    if let why = Self.write(bytes, to: path) {
      throw Failure(
        kind: .server, what: path, why: Array(why.utf8), nextStep: "Nothing was overwritten; choose another name")
    }
    return .console(.saved(path: path, bytes: bytes.count))
  }

  /// - Returns: why it could not be written whole; what was begun is taken away again.
  private static func write(_ bytes: [UInt8], to path: String) -> String? {
    let file = unsafe Glibc.open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard file >= 0 else { return unsafe String(cString: strerror(errno)) }
    defer { close(file) }
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(file, $0.baseAddress, $0.count) }
      if count > 0 {
        rest = rest.dropFirst(count)
      } else if errno != EINTR {
        let why = unsafe String(cString: strerror(errno))
        unsafe unlink(path)
        return why
      }
    }
    return nil
  }
}

extension ReplyText {
  /// What a line shows, whole: of a pair its value. Empty where it shows nothing but signs.
  func element(onLine line: Int) -> [UInt8] {
    guard (0..<lineCount).contains(line) else { return [] }
    let parts = lines(line..<line + 1, longest: .max).first?.parts ?? []
    return parts.last { $0.role != .sign && $0.role != .null }?.bytes ?? []
  }
}
