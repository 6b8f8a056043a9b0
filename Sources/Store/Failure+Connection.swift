internal import RedisClient
internal import Requests

extension Failure {
  /// Of `what`, because there is no connection for it, or no more.
  init(lost error: ClientError, what: String) {
    self =
      if error == .cancelled {
        Failure(kind: .superseded, what: what, why: Array("not wanted any more".utf8), nextStep: "")
      } else {
        Failure(kind: .connection, what: what, why: Array(error.why.utf8), nextStep: error.nextStep)
      }
  }
}
