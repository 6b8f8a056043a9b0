/// Takes values out of YAML nodes and collects complaints about what does not fit.
struct SettingsDecoder {
  let file: String
  private(set) var complaints: [Complaint] = []

  init(file: String) { self.file = file }

  mutating func complain(_ position: Position, _ message: String) {
    complaints.append(Complaint(file: file, position: position, message: message))
  }

  /// Complains that something else was expected; where the value is lost to a comment, says that.
  mutating func complain(_ node: YAMLNode, expected: String) {
    if case .null(let comment?) = node.content {
      complain(comment, YAMLSource.commentMessage)
    } else {
      complain(node.position, "\(node.kind); expected \(expected)")
    }
  }

  mutating func mapping(_ node: YAMLNode, expected: String) -> [YAMLNode.Entry] {
    if case .mapping(let entries) = node.content { return entries }
    complain(node, expected: expected)
    return []
  }

  mutating func string(_ node: YAMLNode, expected: String) -> String? {
    if case .scalar(let text) = node.content { return text }
    complain(node, expected: expected)
    return nil
  }

  /// `true` and `false`, and the words that people write for them.
  mutating func bool(_ node: YAMLNode) -> Bool? {
    if case .scalar(let text) = node.content {
      switch text {
      case "true", "yes", "on": return true
      case "false", "no", "off": return false
      default: break
      }
    }
    complain(node, expected: "true or false")
    return nil
  }

  mutating func unknownKey(_ entry: YAMLNode.Entry, known: [String]) {
    complain(
      entry.position,
      "unknown key '\(shown(entry.key))'\(Suggestion.text(for: entry.key, among: known)); "
        + "expected \(known.joined(separator: ", "))")
  }
}
