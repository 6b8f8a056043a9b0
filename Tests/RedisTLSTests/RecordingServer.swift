import NIOCore
import NIOPosix
import NIOSSL
import NIOTLS
import RedisClient
import Synchronization
import TestSupport

/// Speaks TLS, and answers nothing: remembers what came out of it decrypted.
final class RecordingServer: Sendable {
  private let channel: any Channel
  private let record: Record

  final class Record: Sendable {
    let bytes = Mutex<[UInt8]>([])
    let accepted = Atomic(0)
  }

  /// What clients have sent after their handshake.
  var received: [UInt8] { record.bytes.withLock { $0 } }
  /// How many clients have come.
  var accepted: Int { record.accepted.load(ordering: .sequentiallyConsistent) }
  let port: Int

  /// - Parameters:
  ///   - chain: a PEM file, the server's own certificate first.
  ///   - closesAtOnce: when the handshake is done.
  init(
    chain: String, key: String, host: String = "127.0.0.1",
    versions: (least: TLSVersion, most: TLSVersion) = (.tlsv12, .tlsv13),
    closesAtOnce: Bool = false
  ) async throws {
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: try NIOSSLCertificate.fromPEMFile(chain).map { .certificate($0) },
      privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
    configuration.minimumTLSVersion = versions.least
    configuration.maximumTLSVersion = versions.most
    let context = try NIOSSLContext(configuration: configuration)
    let record = Record()
    self.record = record
    channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .childChannelInitializer { channel in
        channel.eventLoop.makeCompletedFuture {
          record.accepted.add(1, ordering: .sequentiallyConsistent)
          try channel.pipeline.syncOperations.addHandlers(
            NIOSSLServerHandler(context: context), Recorder(record: record, closesAtOnce: closesAtOnce))
        }
      }
      .bind(host: host, port: 0).get()
    port = channel.localAddress?.port ?? 0
  }

  deinit { channel.close(promise: nil) }

  private final class Recorder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    let record: Record
    let closesAtOnce: Bool

    init(record: Record, closesAtOnce: Bool) {
      self.record = record
      self.closesAtOnce = closesAtOnce
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      let bytes = unwrapInboundIn(data)
      record.bytes.withLock { $0 += bytes.readableBytesView }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
      if closesAtOnce, event is TLSUserEvent { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }
  }
}
