/// Where a server is now that does not stay where it was, as a container that gets another address or port with each
/// start. All connections of a program to that server share it.
package actor Whereabouts {
  package enum Finding: Sendable, Equatable {
    case at(Endpoint.Address)
    /// It cannot be found out now: where it was last is the best guess.
    case unknown
    /// It is nowhere, with the reason in a few words.
    case absent(why: String)
  }

  private var address: Endpoint.Address
  private let find: @Sendable () async -> Finding
  private let onMove: @Sendable (Endpoint.Address) -> Void

  /// - Parameters:
  ///   - address: where it is at first.
  ///   - find: finds out where it is now.
  ///   - onMove: is told on any thread when it is elsewhere than before.
  package init(
    address: Endpoint.Address, find: @escaping @Sendable () async -> Finding,
    onMove: @escaping @Sendable (Endpoint.Address) -> Void = { _ in }
  ) {
    self.address = address
    self.find = find
    self.onMove = onMove
  }

  /// - Parameter isAgain: a connection was lost before, so it may have moved.
  /// - Throws: `absent`: nothing is to be connected to; another server may have taken its place.
  func address(isAgain: Bool) async throws(ClientError) -> Endpoint.Address {
    guard isAgain else { return address }
    switch await find() {
    case .at(let found):
      if found != address {
        address = found
        onMove(found)
      }
    case .unknown: break
    case .absent(let why): throw .absent(why: why)
    }
    return address
  }
}
