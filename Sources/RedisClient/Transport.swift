internal import NIOCore
internal import NIOPosix

#if canImport(Glibc)
  private import Glibc
#endif

/// Opens the socket of a connection.
enum Transport {
  /// Seconds after which the kernel gives up a TCP connection of whose other end nothing is heard any more, not even
  /// an acknowledgement.
  static let silence = 9

  /// It has just done so.
  static func isSilence(_ error: any Error) -> Bool { (error as? IOError)?.errnoCode == ETIMEDOUT }

  /// To be called on the handler's event loop. Failure goes to the handler; success reaches it as an active channel.
  ///
  /// - Parameter secured: what encrypts it; nil: nothing does.
  static func open(
    _ handler: NIOLoopBound<ConnectionHandler>, to address: Endpoint.Address,
    securedBy secured: (any SecuredTransport)?, timeout: Duration
  ) {
    let bootstrap = ClientBootstrap(group: handler.eventLoop)
      .connectTimeout(TimeAmount(timeout))
      // Pages of names are tens of kilobytes, values up to megabytes: few large reads cost less than many small ones.
      .channelOption(
        .recvAllocator, value: AdaptiveRecvByteBufferAllocator(minimum: 4 << 10, initial: 64 << 10, maximum: 1 << 20)
      )
      .channelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          let fail: @Sendable (TLSFailure) -> Void = { handler.value.close(.tls(address, $0)) }
          if let secured {
            try channel.pipeline.syncOperations.addHandlers(secured.makeHandlers(onFailure: fail))
          }
          try channel.pipeline.syncOperations.addHandler(handler.value)
        }
      }
    let connected =
      switch address {
      case .tcp(let host, let port):
        bootstrap
          .channelOption(.tcpOption(.tcp_nodelay), value: 1)
          .channelOption(.socketOption(.so_keepalive), value: 1)
          // The kernel's own watch: also over what waits in a blocking command, and it costs the server nothing.
          .channelOption(.tcpOption(.init(rawValue: TCP_KEEPIDLE)), value: 3)
          .channelOption(.tcpOption(.init(rawValue: TCP_KEEPINTVL)), value: 2)
          .channelOption(.tcpOption(.init(rawValue: TCP_KEEPCNT)), value: 3)
          .channelOption(.tcpOption(.init(rawValue: TCP_USER_TIMEOUT)), value: silence * 1_000)
          .connect(host: host, port: port)
      case .unix(let path): bootstrap.connect(unixDomainSocketPath: path)
      }
    connected.whenFailure { error in
      handler.value.close(ClientError(connecting: error, to: address))
    }
  }
}

extension ClientError {
  /// The failure of a connection attempt.
  init(connecting error: any Error, to address: Endpoint.Address) {
    switch error {
    case let error as ClientError:
      self = error
    case let failure as TLSFailure:
      self = .tls(address, failure)
    case let error as NIOConnectionError:
      // Every address of the name was tried; the first failure is that of the most preferred one.
      if let first = error.connectionErrors.first {
        self.init(connecting: first.error, to: address)
      } else {
        self = .unknownHost(error.host)
      }
    case let error as IOError:
      self.init(code: error.errnoCode, to: address)
    case SocketAddressError.unixDomainSocketPathTooLong:
      self = .unreachable(address, code: ENAMETOOLONG)
    case ChannelError.connectTimeout(let amount):
      self = .connectTimeout(address, seconds: max(1, Int(amount.nanoseconds / 1_000_000_000)))
    default:
      self = .unreachable(address, code: 0)
    }
  }

  private init(code: CInt, to address: Endpoint.Address) {
    switch (address, code) {
    case (_, ECONNREFUSED): self = .refused(address)
    case (.unix(let path), ENOENT), (.unix(let path), ENOTDIR): self = .noSuchSocket(path: path)
    case (.unix(let path), EACCES), (.unix(let path), EPERM): self = .socketPermission(path: path)
    default: self = .unreachable(address, code: code)
    }
  }
}
