extension Argument {
  /// As one writes it in a manual: `[EX seconds | PX milliseconds]`, `key [key ...]`, `<LEFT | RIGHT>`.
  package var text: String {
    guard isOptional else { return required }
    return "[" + (isMultiple ? each + " ..." : inner) + "]"
  }

  private var required: String {
    guard isMultiple else { return isChoice && token == nil ? "<" + inner + ">" : inner }
    var again = self
    if !repeatsToken { again.token = nil }
    return each.utf8.count > Argument.longestRepeated
      ? each + " ..." : "\(each) [\(again.each) ...]"
  }

  /// Bytes of text that are written twice; a longer one would hide the rest of the line.
  private static let longestRepeated = 40

  /// One of several, with brackets where it is a choice.
  private var each: String { isChoice && token == nil ? "<" + inner + ">" : inner }

  private var isChoice: Bool {
    if case .oneOf = kind { return true }
    return false
  }

  private var inner: String {
    let content =
      switch kind {
      case .value(let name, _): name
      case .token: ""
      case .oneOf(let alternatives): alternatives.map(\.withoutBrackets).joined(separator: " | ")
      case .block(let arguments): arguments.map(\.text).joined(separator: " ")
      }
    guard let token else { return content }
    // MIGRATE's empty key is a token of no letters.
    if content.isEmpty { return token.isEmpty ? "\"\"" : token }
    return token + " " + (isChoice ? "<" + content + ">" : content)
  }

  /// An alternative, which the bars set apart.
  private var withoutBrackets: String {
    var argument = self
    argument.isOptional = false
    return argument.isMultiple ? argument.required : argument.inner
  }
}
