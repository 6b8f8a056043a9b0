#if TLS
  internal import NIOCore
  internal import NIOSSL
  internal import NIOTLS
  internal import RedisClient

  /// Stands behind the handler of TLS: lets the connection begin when the server is verified, and says in our words why
  /// it cannot.
  final class TLSGate: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private enum Phase {
      case handshaking
      /// Verified, and nothing has come yet: with TLS 1.3 the server may still refuse our certificate.
      case verified
      case open
      /// Whoever has to know is told, or will be.
      case failed
    }

    private let transport: TLSTransport
    private let handler: NIOSSLClientHandler
    private let firstRecord: FirstRecord
    private let onFailure: @Sendable (TLSFailure) -> Void
    private var phase = Phase.handshaking
    private var peer: SocketAddress?

    init(
      _ transport: TLSTransport, _ handler: NIOSSLClientHandler, _ firstRecord: FirstRecord,
      onFailure: @escaping @Sendable (TLSFailure) -> Void
    ) {
      self.transport = transport
      self.handler = handler
      self.firstRecord = firstRecord
      self.onFailure = onFailure
    }

    func channelActive(context: ChannelHandlerContext) {
      peer = context.remoteAddress
      context.fireUserInboundEventTriggered(SecuringEvent())
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      guard case TLSUserEvent.handshakeCompleted? = event as? TLSUserEvent else {
        return context.fireUserInboundEventTriggered(event)
      }
      guard case .handshaking = phase else { return }
      if transport.identity.settings.verifiesServer, let name = transport.serverName,
        handler.peerCertificate?.isFor(host: name) != true
      {
        return fail(mismatch, context)
      }
      phase = .verified
      context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      if case .verified = phase { phase = .open }
      if case .open = phase { context.fireChannelRead(data) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
      switch phase {
      case .handshaking: failHandshake(error, context)
      case .verified:
        let reason = HandshakeError(error)?.refusal(hasCertificate: transport.identity.hasCertificate)
        fail(reason ?? .closedAfterHandshake(hasCertificate: transport.identity.hasCertificate), context)
      case .open: context.fireErrorCaught(error)
      case .failed: return
      }
    }

    func channelInactive(context: ChannelHandlerContext) {
      switch phase {
      case .handshaking: fail(.closedDuringHandshake, context)
      case .verified: fail(.closedAfterHandshake(hasCertificate: transport.identity.hasCertificate), context)
      case .open: context.fireChannelInactive()
      case .failed: return
      }
    }

    // MARK: - Failures

    private func fail(_ failure: TLSFailure, _ context: ChannelHandlerContext) {
      phase = .failed
      onFailure(failure)
      context.close(promise: nil)
    }

    private func failHandshake(_ error: any Error, _ context: ChannelHandlerContext) {
      if let plain = error as? FirstRecord.PlainText {
        return fail(.plainText(ClientError.Peer(notTLS: plain.firstBytes)), context)
      }
      if let extra = error as? NIOSSLExtraError {
        let name = transport.serverName ?? transport.host
        return fail(extra == .failedToValidateHostname ? mismatch : .unmatchableName(name), context)
      }
      guard let reason = HandshakeError(error) else { return fail(.closedDuringHandshake, context) }
      guard !reason.isVerification else { return inspect(reason, context) }
      fail(
        reason.failure(
          hasCertificate: transport.identity.hasCertificate, isFirst: firstRecord.isAlert,
          serverName: transport.serverName), context)
    }

    private var mismatch: TLSFailure {
      let certificate = handler.peerCertificate
      return .nameMismatch(
        expected: transport.serverName ?? transport.host, names: certificate?.names ?? [],
        subject: certificate?.subject ?? "")
    }

    /// The library does not say what it did not like: another handshake, which goes no further, shows the certificates.
    private func inspect(_ reason: HandshakeError, _ context: ChannelHandlerContext) {
      phase = .failed
      context.close(promise: nil)
      let (onFailure, transport, loop) = (onFailure, transport, context.eventLoop)
      guard let peer else { return onFailure(.unverified(detail: reason.detail)) }
      Task {
        let sent = await PeerInspection(transport: transport, peer: peer).certificates(on: loop)
        let verdict = ChainVerdict(sent: sent, trusted: transport.identity.authorities, now: WallClock.now).failure
        loop.execute { onFailure(verdict ?? .unverified(detail: reason.detail)) }
      }
    }
  }
#endif
