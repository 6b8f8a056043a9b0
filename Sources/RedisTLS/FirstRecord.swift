#if TLS
  internal import NIOCore

  /// Sees what arrives before TLS does: a peer that speaks something else is told from the first byte, before the
  /// library makes a riddle of it.
  final class FirstRecord: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    /// Something that is no TLS came; the channel is being closed.
    struct PlainText: Error {
      var firstBytes: [UInt8]
    }

    /// Types of records (RFC 8446, section 5.1).
    private static let (alert, handshake): (UInt8, UInt8) = (0x15, 0x16)

    private var isKnown = false
    /// The server ended the handshake before it had said anything of itself.
    private(set) var isAlert = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
      guard !isKnown else { return context.fireChannelRead(data) }
      let bytes = unwrapInboundIn(data)
      guard let first = bytes.readableBytesView.first else { return }
      isKnown = true
      isAlert = first == Self.alert
      guard isAlert || first == Self.handshake else {
        context.fireErrorCaught(PlainText(firstBytes: Array(bytes.readableBytesView.prefix(16))))
        // From here, so that not even a goodbye of TLS is sent.
        context.close(promise: nil)
        return
      }
      context.fireChannelRead(data)
    }
  }
#endif
