package import NIOCore

/// What encrypts connections. A room of its own has the only implementation; a build without it has none, and then an
/// endpoint that asks for TLS is refused rather than spoken to in plain text.
package protocol TransportSecurity: Sendable {
  /// Reads the files that `settings` name and makes ready what every connection under them shares. Checks the client's
  /// own certificate. May block for some milliseconds, and so runs beside the caller.
  @concurrent func prepare(
    _ settings: TLSSettings, for address: Endpoint.Address
  ) async throws(TLSFailure) -> any SecuredTransport
}

/// How one connection is encrypted.
package protocol SecuredTransport: Sendable {
  /// The handlers between the socket and the connection. To be called on the channel's event loop.
  ///
  /// They hold `channelActive` back until the server is verified, and send ``SecuringEvent`` at once instead. After a
  /// failure they are silent, and the channel is closed.
  ///
  /// - Parameter onFailure: is told at most once, on the event loop, why there will be no connection.
  func makeHandlers(
    onFailure: @escaping @Sendable (TLSFailure) -> Void
  ) throws(TLSFailure) -> [any ChannelHandler]
}

/// The socket is connected and the handshake of TLS has begun: nothing may be sent yet.
package struct SecuringEvent: Sendable {
  package init() {}
}
