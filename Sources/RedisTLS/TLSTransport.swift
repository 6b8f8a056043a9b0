#if TLS
  internal import NIOCore
  internal import NIOSSL
  internal import RedisClient

  /// The handlers of one connection to `host`.
  struct TLSTransport: SecuredTransport {
    let identity: TLSIdentity
    let host: String

    /// The name that is sent and verified; nil: the address that the socket is connected to is verified.
    var serverName: String? {
      identity.settings.serverName ?? (IPAddress.isOne(host) ? nil : HostName.withoutDot(host))
    }

    func makeHandlers(
      onFailure: @escaping @Sendable (TLSFailure) -> Void
    ) throws(TLSFailure) -> [any ChannelHandler] {
      let handler: NIOSSLClientHandler
      do {
        handler = try NIOSSLClientHandler(context: identity.context, serverHostname: serverName)
      } catch {
        throw .unmatchableName(serverName ?? host)
      }
      let firstRecord = FirstRecord()
      return [firstRecord, handler, TLSGate(self, handler, firstRecord, onFailure: onFailure)]
    }
  }
#endif
