package import RESP

/// How one connection behaves.
package struct ConnectionOptions: Sendable {
  /// What CLIENT SETNAME says, such as `keyglass-rows`; empty for no name. No spaces.
  package var clientName: String
  /// What encrypts, where an endpoint asks for TLS. Nil: such an endpoint is refused.
  package var security: (any TransportSecurity)?
  /// For reaching the server and for its whole greeting together.
  package var connectTimeout: Duration
  /// How long a reply may be owed without a byte arriving before the connection is given up; nil for ever.
  package var replyTimeout: Duration?
  /// Ask the server not to count reads as use of a key (CLIENT NO-TOUCH, 7.2), where it can.
  package var noTouch: Bool
  /// Have the server push changes of what is read (CLIENT TRACKING ON), where the connection speaks RESP3. It is on
  /// before the first command of anybody's goes out.
  package var tracks = false
  /// After so long without a byte in either direction, while no reply is owed, a PING asks whether anybody is there;
  /// nil: never.
  package var keepAlive: Duration?
  /// How long that PING may go unanswered.
  package var keepAlivePatience = Duration.seconds(6)
  /// Only commands that are known to read leave (``ReadOnlyGate``); the greeting's are ours.
  package var isReadOnly = false
  /// Why, for the message of a refusal.
  package var readOnlyCause = ClientError.ReadOnlyCause.asked
  /// The same for as long as this is locked; nil: it never is.
  package var lock: WriteLock?
  package var limits: RESPDecoder.Limits
  /// Whether replies keep the attributes that the server sends with them, after the greeting.
  package var keepsAttributes = false
  /// Gets every push frame, on the connection's event loop: it must be quick.
  package var onPush: @Sendable (ReplyView) -> Void
  /// Gets every reply that no batch is owed, on the connection's event loop: what follows a MONITOR, or a SUBSCRIBE
  /// before RESP3. Nil: such a reply ends the connection.
  package var onUnasked: (@Sendable (ReplyView) -> Void)?
  /// Is told of every batch that was given to the connection, once its replies came or cannot come any more; on any
  /// thread. Secrets are masked.
  package var onSent: (@Sendable (SentBatch) -> Void)?
  /// Is told once why an established connection ended, on the connection's event loop.
  package var onClose: @Sendable (ClientError) -> Void

  package init(
    clientName: String = "keyglass", connectTimeout: Duration = .seconds(5), replyTimeout: Duration? = .seconds(10),
    noTouch: Bool = true, limits: RESPDecoder.Limits = RESPDecoder.Limits(),
    onPush: @escaping @Sendable (ReplyView) -> Void = { _ in },
    onClose: @escaping @Sendable (ClientError) -> Void = { _ in }
  ) {
    self.clientName = clientName
    self.connectTimeout = connectTimeout
    self.replyTimeout = replyTimeout
    self.noTouch = noTouch
    self.limits = limits
    self.onPush = onPush
    self.onClose = onClose
  }
}
