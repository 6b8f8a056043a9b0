/// The line that makes a user who can do so much with Keyglass, and no more.
package enum AccessLine {
  /// `ACL SETUSER keyglass-browse …`: a password and the keys are the reader's to fill in.
  package static func text(for level: AccessLevel, on age: ServerAge) -> String {
    let rules = AccessRule.rules(for: level, on: age).map(\.text).joined(separator: " ")
    return "ACL SETUSER keyglass-\(level.rawValue) reset on >PASSWORD ~* resetchannels -@all \(rules)"
  }
}
