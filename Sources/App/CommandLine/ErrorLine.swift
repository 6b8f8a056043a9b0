/// Why Keyglass ends, as the one line that a user gets to read: `keyglass: WHAT: WHY. NEXT STEP.`
package struct ErrorLine: Error, Sendable, Equatable, CustomStringConvertible {
  /// `WHAT: WHY. NEXT STEP.`
  package let text: String
  package let status: ExitStatus

  /// - Parameter text: `WHAT: WHY. NEXT STEP.`
  package init(text: String, status: ExitStatus) {
    self.text = text
    self.status = status
  }

  /// - Parameters:
  ///   - why: without its full stop.
  ///   - nextStep: a whole sentence, with its full stop.
  package init(_ what: String, _ why: String, nextStep: String, status: ExitStatus = .usage) {
    self.init(text: "\(what): \(why). \(nextStep)", status: status)
  }

  /// The line without its line feed.
  package var description: String { "keyglass: \(text)" }
}

/// The exit statuses that scripts rely on; a signal N ends with 128 + N.
package struct ExitStatus: RawRepresentable, Sendable, Hashable {
  package let rawValue: Int32

  package init(rawValue: Int32) { self.rawValue = rawValue }

  /// Left by the user.
  package static let success = ExitStatus(rawValue: 0)
  /// Could not connect, the server refused, or a script failed.
  package static let refused = ExitStatus(rawValue: 1)
  /// `exec` got an error of the server as its reply.
  package static let serverError = ExitStatus(rawValue: 3)
  /// Wrong usage or no usable terminal.
  package static let usage = ExitStatus(rawValue: 2)
}
