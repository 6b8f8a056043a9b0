#if TLS
  internal import NIOCore
  internal import NIOPosix
  internal import NIOSSL

  /// Looks at the certificates of a server that could not be verified, for the message: a handshake that we end as soon
  /// as they have come, so that nothing else is ever sent on it.
  struct PeerInspection {
    let transport: TLSTransport
    let peer: SocketAddress

    private static let patience = TimeAmount.seconds(3)

    /// In the order in which the server sends them, its own first; none where they could not be had.
    func certificates(on loop: any EventLoop) async -> [NIOSSLCertificate] {
      // Only what comes first counts; later calls change nothing.
      let seen = loop.makePromise(of: [NIOSSLCertificate].self)
      let timer = loop.scheduleTask(in: Self.patience) { seen.succeed([]) }
      let (context, serverName) = (transport.identity.context, transport.serverName)
      let connecting = ClientBootstrap(group: loop)
        .connectTimeout(Self.patience)
        .channelInitializer { channel in
          channel.eventLoop.makeCompletedFuture {
            let handler = try NIOSSLClientHandler(
              context: context, serverHostname: serverName,
              customVerificationCallback: { certificates, verdict in
                seen.succeed(certificates)
                verdict.succeed(.failed)
              })
            try channel.pipeline.syncOperations.addHandler(handler)
          }
        }
        .connect(to: peer)
      connecting.whenFailure { _ in seen.succeed([]) }
      connecting.whenSuccess { channel in
        channel.closeFuture.whenComplete { _ in seen.succeed([]) }
        seen.futureResult.whenComplete { _ in channel.close(promise: nil) }
      }
      let certificates = try? await seen.futureResult.get()
      timer.cancel()
      return certificates ?? []
    }
  }
#endif
