/// Several commands, one a line.
///
/// A line feed inside quotes belongs to the word, which is the one difference from redis-cli; outside it ends the
/// command. Blank lines and lines whose first sign is `#` are nothing.
package enum CommandLines {
  /// The text of each command in order, without the line feed behind it. A command whose quote is never closed goes on
  /// to the end of the text; `SplitLine` says where the quote is.
  package static func split(_ text: String) -> [Substring] {
    var commands: [Substring] = []
    var ends = CommandEnds()
    let bytes = text.utf8
    var start = bytes.startIndex
    for index in bytes.indices {
      guard let end = ends.take(bytes[index]) else { continue }
      if end == .command { commands.append(text[start..<index]) }
      start = bytes.index(after: index)
    }
    if ends.hasCommand { commands.append(text[start...]) }
    return commands
  }
}
