import NIOCore
import NIOPosix
import RedisClient

/// Listens on a loopback port and says what it is told, whatever it is asked.
final class FakeServer: Sendable {
  enum Script: Sendable {
    /// As soon as somebody connects, then closes or stays.
    case greet([UInt8], closes: Bool)
    /// The n-th answer to the n-th read; closes after the last.
    case answer([[UInt8]])
  }

  private let channel: any Channel
  let endpoint: Endpoint

  init(_ script: Script, group: any EventLoopGroup) async throws {
    channel = try await ServerBootstrap(group: group)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(Player(script)) }
      }
      .bind(host: "127.0.0.1", port: 0).get()
    endpoint = Endpoint(address: .tcp(host: "127.0.0.1", port: channel.localAddress?.port ?? 0))
  }

  deinit { channel.close(promise: nil) }

  private final class Player: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer
    private let script: Script
    private var answered = 0

    init(_ script: Script) { self.script = script }

    func channelActive(context: ChannelHandlerContext) {
      if case .greet(let bytes, let closes) = script { write(bytes, context, closes: closes) }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      guard case .answer(let answers) = script, answered < answers.count else { return }
      answered += 1
      write(answers[answered - 1], context, closes: answered == answers.count)
    }

    private func write(_ bytes: [UInt8], _ context: ChannelHandlerContext, closes: Bool) {
      context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
      if closes { context.close(promise: nil) }
    }
  }
}
