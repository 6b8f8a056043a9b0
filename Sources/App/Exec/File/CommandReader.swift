import Commands
import Glibc

/// Reads a file of commands, one a line in the quoting of redis-cli, and never holds more of it than the command that it
/// is reading. A quoted word may go on over several lines; blank lines and lines that begin with `#` are nothing, and so is
/// a byte order mark at the beginning.
struct CommandReader {
  /// Bytes of the text of one command; a value may have 512 MiB, which is what servers allow.
  private static let longestCommand = 1 << 30
  /// U+FEFF in UTF-8, which editors of other systems put before a text.
  private static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private let file: CommandFile
  private var buffer = [UInt8](repeating: 0, count: 64 << 10)
  /// What has been read and not looked at.
  private var unread = 0..<0
  private var ends = CommandEnds()
  /// The command that is being read, from the beginning of its first line.
  private var text: [UInt8] = []
  private var line = 1
  private var firstLine = 1
  private var hasBegun = false
  /// The command behind which there may be none, and why.
  private var last: (line: Int, reason: String)?
  private(set) var isAtEnd = false

  /// Reads the file from where it is.
  init(_ file: CommandFile) {
    self.file = file
  }

  private var name: String { file.name }

  /// The next command; nil at the end, and where there is none yet and it is not to wait.
  mutating func next(waits: Bool) throws(FileMistake) -> FileCommand? {
    while true {
      if let command = try nextInBuffer() { return command }
      if isAtEnd { return nil }
      guard waits || hasInput else { return nil }
      try fill()
      if isAtEnd, ends.hasCommand { return try takeCommand() }
    }
  }

  private mutating func nextInBuffer() throws(FileMistake) -> FileCommand? {
    var start = unread.lowerBound
    for position in unread {
      let byte = buffer[position]
      let end = ends.take(byte)
      if byte == 0x0A { line += 1 }
      switch end {
      case nil: continue
      case .command?:
        text += buffer[start..<position]
        unread = position + 1..<unread.upperBound
        return try takeCommand()
      case .nothing?:
        text.removeAll(keepingCapacity: true)
        start = position + 1
        firstLine = line
      }
    }
    text += buffer[start..<unread.upperBound]
    unread = 0..<0
    guard text.count <= Self.longestCommand else {
      throw FileMistake(
        place: "\(name):\(firstLine)", why: "a command of more than 1 GiB", nextStep: "Look for a quote that is open.")
    }
    return nil
  }

  private mutating func takeCommand() throws(FileMistake) -> FileCommand {
    defer {
      text.removeAll(keepingCapacity: text.capacity <= 1 << 20)
      firstLine = line
    }
    if let last {
      throw FileMistake(
        place: "\(name):\(last.line)", why: "\(last.reason), and line \(firstLine) has another command",
        nextStep: "Take it out, or make it the last one.")
    }
    let split = SplitLine(bytes: text)
    switch split.mistake {
    case nil: break
    case .openQuote(let offset)?:
      throw FileMistake(place: place(of: offset), why: "a quote that is never closed", nextStep: "Close it.")
    case .textBehindQuote(let offset)?:
      throw FileMistake(
        place: place(of: offset), why: "text directly behind a closing quote",
        nextStep: "Put a blank between them, or a backslash before a quote that belongs to the word.")
    }
    let command = try FileCommand(in: split.words.map(\.bytes), line: firstLine, of: name)
    last = UnfitCommand.ending(command.words).map { (firstLine, $0) }
    return command
  }

  /// `FILE:LINE:COLUMN` of a byte of the command's text; columns are characters, from 1.
  private func place(of offset: Int) -> String {
    let before = text[..<offset]
    let lines = before.count { $0 == 0x0A }
    let start = before.lastIndex(of: 0x0A).map { $0 + 1 } ?? 0
    let column = before[start...].count { $0 & 0xC0 != 0x80 }
    return "\(name):\(firstLine + lines):\(column + 1)"
  }

  // MARK: - Input

  /// Whether reading would not wait.
  private var hasInput: Bool {
    var watched = pollfd(fd: file.descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&watched, 1, 0) > 0
  }

  private mutating func fill() throws(FileMistake) {
    var count = try file.read(into: &buffer)
    isAtEnd = count == 0
    var start = 0
    if !hasBegun {
      hasBegun = true
      // A pipe may have given a part of the mark.
      while (1..<Self.byteOrderMark.count).contains(count), Self.byteOrderMark.starts(with: buffer[..<count]) {
        var byte: [UInt8] = [0]
        guard try file.read(into: &byte) == 1 else { break }
        buffer[count] = byte[0]
        count += 1
      }
      if buffer[..<count].starts(with: Self.byteOrderMark) { start = Self.byteOrderMark.count }
    }
    unread = start..<count
  }
}
