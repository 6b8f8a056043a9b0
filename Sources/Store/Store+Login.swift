internal import RedisClient
internal import Requests

/// Logging in again, once the server has refused the password of a connection.
extension Store {
  private static let loginWhat = "logging in"

  /// Tries a password on a connection of its own; where the server accepts it, the others are made with it.
  ///
  /// - Parameter password: nil: the one that was refused, and what its source says now.
  func login(_ password: Secret?) async throws(Failure) -> Answer {
    if let password { await credentials.take(password.bytes) } else { await credentials.tryAgain() }
    var endpoint = endpoint
    endpoint.database = 0
    let options = Self.connectionOptions("keyglass-login", options: options, log: log)
    do throws(ClientError) {
      try await credentials.connect(to: endpoint, options: options, on: Self.group).close()
    } catch {
      throw Failure(
        kind: .connection, what: Self.loginWhat, why: Array("\(error.what): \(error.why)".utf8),
        nextStep: error.nextStep)
    }
    _ = await reconnect()
    await writeLink.retryNow()
    return .loggedIn
  }

  /// The words for a refusal that nothing but the user can end.
  static func refusalText(_ error: ClientError, _ failure: Credentials.SourceFailure?) -> String {
    failure.map { "\(error.why); \($0.text)" } ?? error.why
  }
}
