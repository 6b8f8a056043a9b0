package import NIOCore

/// The password that all connections of a program to one server log in with, and the way to a newer one where the server
/// refuses it.
///
/// A connection whose password is refused asks the source for another, once for all of them; where that has none, it is
/// for the user to say. As long as it is not known whether the server accepts a password, as at the start and after a
/// connection was lost, one connection alone tries while the others wait for what comes of it: each password is tried
/// once, and no account is locked by many attempts.
package actor Credentials {
  /// Tells the password as it is now.
  package typealias Source = @Sendable () async -> Result<[UInt8], SourceFailure>

  /// Why a source tells none, in words that may be shown.
  package struct SourceFailure: Error, Sendable {
    package var text: String

    package init(_ text: String) { self.text = text }
  }

  /// A password, or none, by its number: every newer one has a higher.
  private struct Login {
    var number = 0
    var password: [UInt8]?
    /// Whoever tries it is the only one.
    var hasTurn = false
  }

  private var login: Login
  private let source: Source?
  private let whereabouts: Whereabouts?
  private let onRefusal: @Sendable (ClientError, SourceFailure?) -> Void
  /// Passwords that were refused since one was accepted last.
  private var refused: [[UInt8]?] = []
  /// Why nothing more is tried before the user has said something.
  private var refusal: ClientError?
  /// The source was asked since a password was accepted last.
  private var isSourceUsed: Bool
  /// Whether the password still holds is not known: one connection tries it.
  private var isDoubtful: Bool
  private var isTrying = false
  private var waiters: [CheckedContinuation<Void, Never>] = []

  /// - Parameters:
  ///   - source: nil: nobody but the user knows another password. It was asked for this one just now.
  ///   - whereabouts: of a server that may move; nil: it is where the endpoint says.
  ///   - onRefusal: is told on any thread that no password is left to try, and why the source has none.
  package init(
    password: [UInt8]?, source: Source? = nil, whereabouts: Whereabouts? = nil,
    onRefusal: @escaping @Sendable (ClientError, SourceFailure?) -> Void = { _, _ in }
  ) {
    login = Login(password: password)
    self.source = source
    self.whereabouts = whereabouts
    self.onRefusal = onRefusal
    (isSourceUsed, isDoubtful) = (password != nil, password != nil)
  }

  /// Connects with the password of the moment, or with a newer one where the server refuses that.
  ///
  /// - Parameter isAgain: a connection was lost before.
  /// - Throws: `wrongPassword` or `authenticationRequired` where none is left to try, without asking the server again;
  ///   else what `Connection.connect` throws.
  package func connect(
    to endpoint: Endpoint, options: ConnectionOptions, on group: any EventLoopGroup, isAgain: Bool = false
  ) async throws(ClientError) -> Connection {
    var endpoint = endpoint
    if let whereabouts { endpoint.address = try await whereabouts.address(isAgain: isAgain) }
    if isAgain { isDoubtful = true }
    var login = try await begin()
    while true {
      endpoint.password = login.password
      do throws(ClientError) {
        let connection = try await Connection.connect(to: endpoint, options: options, on: group)
        accept(login)
        return connection
      } catch {
        guard error.isLoginRefusal else {
          if login.hasTurn { endTurn() }
          throw error
        }
        login = try await newer(than: login, error)
      }
    }
  }

  /// What the user has typed is the password from now on.
  package func take(_ password: [UInt8]) {
    login = Login(number: login.number + 1, password: password)
    (refusal, isDoubtful) = (nil, true)
  }

  /// The user wants it tried once more as it is: the password that was refused, and the source.
  package func tryAgain() {
    (refusal, isDoubtful, isSourceUsed, refused) = (nil, true, false, [])
  }

  // MARK: - Turns

  /// Waits while another connection tries a password that may be refused.
  private func begin() async throws(ClientError) -> Login {
    while isTrying { await withCheckedContinuation { waiters.append($0) } }
    if let refusal { throw refusal }
    guard isDoubtful else { return login }
    return withTurn()
  }

  private func withTurn() -> Login {
    isTrying = true
    var login = login
    login.hasTurn = true
    return login
  }

  private func endTurn() {
    isTrying = false
    let waiting = waiters
    waiters = []
    for waiter in waiting { waiter.resume() }
  }

  private func accept(_ accepted: Login) {
    if accepted.number == login.number { (refusal, refused, isSourceUsed, isDoubtful) = (nil, [], false, false) }
    if accepted.hasTurn { endTurn() }
  }

  /// What to try after this one was refused, alone.
  private func newer(than old: Login, _ error: ClientError) async throws(ClientError) -> Login {
    isDoubtful = true
    if !old.hasTurn {
      // Another connection may have been refused with it too, and sees to a newer one.
      while isTrying { await withCheckedContinuation { waiters.append($0) } }
      if let refusal { throw refusal }
    }
    if old.number != login.number { return withTurn() }
    isTrying = true
    refused.append(old.password)
    var failure: SourceFailure?
    if let source, !isSourceUsed {
      isSourceUsed = true
      let told = await source()
      if old.number != login.number { return withTurn() }
      switch told {
      case .success(let password) where !refused.contains(password):
        login = Login(number: old.number + 1, password: password)
        return withTurn()
      case .success: break
      case .failure(let reason): failure = reason
      }
    }
    refusal = error
    onRefusal(error, failure)
    endTurn()
    throw error
  }
}

/// No printed or dumped form shows a password.
extension Credentials: CustomReflectable {
  package nonisolated var customMirror: Mirror { Mirror(self, children: []) }
}
