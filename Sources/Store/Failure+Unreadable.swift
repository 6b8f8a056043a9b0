internal import Requests

extension Failure {
  /// The reply to `command` has not the form that the command's has. `what`: what was tried.
  static func unreadable(_ command: ReadCommand, what: String) -> Failure {
    Failure(
      kind: .server, what: what, why: Array("the reply to \(command.rawValue) is of another kind".utf8),
      nextStep: "Check what answers on this address")
  }
}
