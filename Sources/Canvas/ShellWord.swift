/// Words as a shell takes them.
package enum ShellWord {
  /// In quotes where a shell would make something else of it.
  package static func quoted(_ word: String) -> String {
    let plain: Set<Character> = ["-", "_", ".", "/", ":", "@", "%", "+", "=", ",", "[", "]"]
    let isPlain = word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) || plain.contains($0) }
    if isPlain, !word.isEmpty, !word.contains("[") { return word }
    return "'" + word.replacing("'", with: "'\\''") + "'"
  }

  /// The words as one line to be typed into a shell.
  package static func line(_ words: [String]) -> String { words.map(quoted).joined(separator: " ") }
}
