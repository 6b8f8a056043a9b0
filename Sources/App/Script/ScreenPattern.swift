/// A regular expression that is looked for in a screen; `^` and `$` match at the ends of every line.
package struct ScreenPattern: Sendable {
  package struct Mistake: Error {
    package let reason: String
  }

  private let source: String

  package init(_ source: String) throws(Mistake) {
    self.source = source
    _ = try compiled()
  }

  /// Whether the pattern occurs anywhere in the text.
  package func occurs(in text: String) -> Bool {
    guard let regex = try? compiled() else { return false }
    return (try? regex.firstMatch(in: text)) != nil
  }

  /// Compiled again at each use: a compiled `Regex` is not `Sendable`.
  private func compiled() throws(Mistake) -> Regex<AnyRegexOutput> {
    do {
      return try Regex(source).anchorsMatchLineEndings()
    } catch {
      throw Mistake(reason: String(describing: error))
    }
  }
}
