import Canvas
import Commands

/// Words that redis-cli answers itself, where the server has no such command.
extension State {
  /// True: it was no command for the server.
  mutating func answerHere(_ words: [[UInt8]]) -> Bool {
    let name = words.first.map { String(decoding: $0, as: UTF8.self).lowercased() } ?? ""
    switch (name, words.count) {
    case ("exit", 1), ("quit", 1):
      console.input = TextField()
      leaveConsole()
    case ("clear", 1):
      console.input = TextField()
      console.entries = []
      console.pane = ConsolePane(isShown: false, stays: console.pane.stays)
      inputChanged()
    case ("help", _), ("?", _):
      guard console.table.spec(named: name) == nil else { return false }
      explainCommand(words.dropFirst().map { String(decoding: $0, as: UTF8.self) }.joined(separator: " "))
      console.input = TextField()
      inputChanged()
    default: return false
    }
    return true
  }

  private mutating func explainCommand(_ name: String) {
    guard !name.isEmpty else {
      sayInConsole(
        "help COMMAND tells what a command takes; Tab completes; ? in the replies (S-Tab) shows all keys", .plain)
      return
    }
    guard let spec = console.table.spec(named: name) else {
      let near = console.table.suggestion(for: name).map { ": did you mean \($0)?" } ?? ""
      sayInConsole("no command is called \(Escape.string(Array(name.utf8)))\(near)", .warning)
      return
    }
    sayInConsole("\(spec.name) \(spec.syntax)", .plain)
    let since = spec.since.isEmpty ? "" : "; since \(spec.since)"
    let group = spec.group.isEmpty ? "" : " (\(spec.group)\(since))"
    if !spec.summary.isEmpty { sayInConsole(spec.summary + group, .plain) }
  }
}
