package import Browser

/// The servers that the user may go to, and the ways to them.
package protocol ServerDirectory: Sendable {
  /// All of them, recently used ones first. It reads small files.
  func list() -> [ServerEntry]

  /// Connects, greets and leaves; nothing is changed there, and nothing remembered here.
  @concurrent func test(_ place: ServerPlace) async -> ServerTest

  /// Makes the connections.
  ///
  /// - Parameter password: what the user has typed for it; nil: what its profile names, or none.
  @concurrent func connect(to place: ServerPlace, password: [UInt8]?) async -> Result<Connected, ConnectFailure>
}

/// A server that answers, ready to take the place of the one on the screen.
package struct Connected: Sendable {
  package var session: Session
  package var setup: ServerSetup

  package init(session: Session, setup: ServerSetup) {
    self.session = session
    self.setup = setup
  }
}
