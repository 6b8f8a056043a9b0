import YAML

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

  /// The entries of a mapping, each key once: of two of one name the first counts.
  mutating func mapping(_ node: YAMLNode, expected: String) -> [YAMLNode.Entry] {
    guard case .mapping(let entries) = node.content else {
      complain(node, expected: expected)
      return []
    }
    for entry in entries where entry.isRepeated {
      complain(entry.position, "'\(shown(entry.key))' stands here a second time")
    }
    return entries.filter { !$0.isRepeated }
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
