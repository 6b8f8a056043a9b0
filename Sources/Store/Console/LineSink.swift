import Requests

/// What takes the lines of a reply as they are walked: it may build them, search them or leave them alone.
protocol LineSink {
  /// Signs of ours.
  mutating func add(sign text: @autoclosure () -> String, _ role: ReplyLine.Role)
  /// Bytes of the server.
  mutating func add(_ bytes: @autoclosure () -> ArraySlice<UInt8>, _ role: ReplyLine.Role, isQuoted: Bool)
}

/// Nothing is wanted but the number of lines.
struct LineCounter: LineSink {
  mutating func add(sign text: @autoclosure () -> String, _ role: ReplyLine.Role) {}
  mutating func add(_ bytes: @autoclosure () -> ArraySlice<UInt8>, _ role: ReplyLine.Role, isQuoted: Bool) {}
}

/// Builds one line.
struct LineBuilder: LineSink {
  /// Bytes of a part that are kept.
  let longest: Int
  private(set) var line = ReplyLine(parts: [])

  init(longest: Int) {
    self.longest = max(0, longest)
  }

  mutating func add(sign text: @autoclosure () -> String, _ role: ReplyLine.Role) {
    let bytes = Array(text().utf8)
    guard !bytes.isEmpty else { return }
    if let last = line.parts.indices.last, line.parts[last].role == role, role == .sign {
      line.parts[last].bytes += bytes
    } else {
      line.parts.append(ReplyLine.Part(role, bytes))
    }
  }

  mutating func add(_ bytes: @autoclosure () -> ArraySlice<UInt8>, _ role: ReplyLine.Role, isQuoted: Bool) {
    let bytes = bytes()
    line.parts.append(
      ReplyLine.Part(
        role, Array(bytes.prefix(longest)), isQuoted: isQuoted, omitted: max(0, bytes.count - longest)))
  }
}
