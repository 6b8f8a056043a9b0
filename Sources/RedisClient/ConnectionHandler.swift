internal import NIOCore
internal import RESP

/// Performs the actions of a `ConnectionMachine` on a channel. Lives on the channel's event loop.
final class ConnectionHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer
  typealias Waiter = CheckedContinuation<Delivery, Never>
  typealias Opening = CheckedContinuation<Result<Connection, ClientError>, Never>

  private let endpoint: Endpoint
  private let options: ConnectionOptions
  private let eventLoop: NIOIsolatedEventLoop
  private var machine: ConnectionMachine<Waiter>
  private var decoder: RESPDecoder
  /// Who waits for the connection to be made; nil from then on.
  private var opening: Opening?
  private var context: ChannelHandlerContext?
  /// What has arrived until it is clear that a Redis server sent it; nil from then on.
  private var firstBytes: [UInt8]? = []
  /// The batch of the greeting that is not answered yet.
  private var greeting: SentBatch.Log?
  /// The socket is connected, and TLS is being agreed on.
  private var isSecuring = false
  private var connectTimer: Scheduled<Void>?
  private var replyTimer: Scheduled<Void>?
  private var keepAliveTimer: Scheduled<Void>?
  /// What is owed next is the reply to a PING of our own.
  private var isProbing = false
  /// When a byte last arrived, or the first reply became owed.
  private var lastProgress = NIODeadline.now()

  /// To be called on `eventLoop`.
  init(endpoint: Endpoint, options: ConnectionOptions, eventLoop: any EventLoop, opening: Opening) {
    self.endpoint = endpoint
    self.options = options
    self.eventLoop = eventLoop.assumeIsolated()
    self.opening = opening
    machine = ConnectionMachine(
      handshake: Handshake(
        endpoint: endpoint, clientName: options.clientName, noTouch: options.noTouch, tracks: options.tracks))
    decoder = RESPDecoder(limits: options.limits)
  }

  // MARK: - From the program

  func startConnectTimer() {
    connectTimer = eventLoop.scheduleTask(in: TimeAmount(options.connectTimeout)) { [self] in
      let seconds = options.connectTimeout.roundedSeconds
      guard !isSecuring else { return close(.tls(endpoint.address, .noAnswer(seconds: seconds))) }
      close(context == nil ? .connectTimeout(endpoint.address, seconds: seconds) : .timedOut(seconds: seconds))
    }
  }

  func send(_ batch: CommandBatch, id: UInt64, waiter: Waiter) {
    let wasOwed = machine.isOwed
    if let error = machine.enqueue(count: batch.count, for: waiter, id: id) {
      waiter.resume(returning: .notSent(error))
      return
    }
    if !wasOwed { lastProgress = .now() }
    write(batch.bytes)
    startReplyTimer()
  }

  /// What is written here owes nothing; what comes for it is told as it comes (``ConnectionOptions/onUnasked``).
  func post(_ batch: CommandBatch) {
    if machine.isReady { write(batch.bytes) }
  }

  /// Ends the connection, unless a reply is owed: whoever waits for it finds out by himself.
  func closeIfIdle(_ error: ClientError) {
    if machine.isReady, !machine.isOwed { close(error) }
  }

  func abandon(id: UInt64) {
    machine.abandon(id: id)?.resume(returning: .lost(.cancelled))
  }

  /// Ends the connection; everyone who waits gets `error`. Only the first call counts.
  func close(_ error: ClientError) {
    guard machine.closeReason == nil else { return }
    let wasReady = machine.isReady
    let waiters = machine.close(error)
    connectTimer?.cancel()
    replyTimer?.cancel()
    keepAliveTimer?.cancel()
    context?.close(promise: nil)
    // First, so that whoever gets the error finds the news already told.
    if wasReady { options.onClose(error) }
    for waiter in waiters { waiter.resume(returning: .lost(error)) }
    greeting?.report(.failure(error), options)
    opening?.resume(returning: .failure(error))
    opening = nil
  }

  // MARK: - From the channel

  func handlerRemoved(context: ChannelHandlerContext) {
    self.context = nil
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    guard event is SecuringEvent else { return context.fireUserInboundEventTriggered(event) }
    isSecuring = true
    takeChannel(context)
  }

  /// With TLS: once the server is verified.
  func channelActive(context: ChannelHandlerContext) {
    isSecuring = false
    if takeChannel(context) { perform(machine.activate()) }
  }

  /// False: given up while the transport was still connecting.
  @discardableResult
  private func takeChannel(_ context: ChannelHandlerContext) -> Bool {
    guard machine.closeReason == nil else {
      context.close(promise: nil)
      return false
    }
    self.context = context
    return true
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let buffer = unwrapInboundIn(data)
    lastProgress = .now()
    isProbing = false
    guard let earlier = firstBytes else {
      decode(buffer.readableBytesUInt8Span)
      return
    }
    let bytes = earlier + Array(buffer.readableBytesView)
    switch PeerGuess(firstBytes: bytes) {
    case .undecided:
      firstBytes = bytes
    case .other(let peer):
      close(.notRedis(peer, firstBytes: Array(bytes.prefix(16))))
    case .redis:
      firstBytes = nil
      decode(bytes.span)
    }
  }

  func channelInactive(context: ChannelHandlerContext) {
    closeForLoss()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if Transport.isSilence(error) {
      close(.timedOut(seconds: Transport.silence))
    } else {
      closeForLoss(isBroken: true)
    }
  }

  // MARK: - Between them

  private func decode(_ bytes: Span<UInt8>) {
    var position = 0
    do throws(RESPError) {
      while machine.closeReason == nil, try decoder.next(bytes, &position) {
        switch machine.arrive(isPush: decoder.lastKind == .push) {
        case .incomplete: continue
        case .push: if let push = decoder.takeLast().first { options.onPush(push.element) }
        case .greeting:
          let replies = decoder.takeReplies()
          greeting?.report(.success(replies), options)
          greeting = nil
          perform(machine.greeted(replies))
        case .deliver(let waiter): waiter.resume(returning: .replies(decoder.takeReplies()))
        case .drop: _ = decoder.takeReplies()
        case .unexpected:
          guard let onUnasked = options.onUnasked, let reply = decoder.takeLast().first else {
            closeForUnexpectedReply()
            continue
          }
          onUnasked(reply)
        }
      }
    } catch {
      close(.protocolError(error.description))
    }
  }

  private func closeForLoss(isBroken: Bool = false) {
    if let firstBytes, !firstBytes.isEmpty {
      close(.notRedis(.other, firstBytes: firstBytes))
    } else if opening != nil, firstBytes != nil, endpoint.tls == nil {
      close(.closedUnanswered(endpoint.address))
    } else if isBroken || decoder.isMidReply {
      close(.connectionLost(midReply: decoder.isMidReply))
    } else {
      close(.closedByServer(isOwed: machine.isOwed))
    }
  }

  /// A server says in an error that nobody asked for why it is about to close.
  private func closeForUnexpectedReply() {
    let reply = decoder.takeReplies().last?.element
    if let reply, reply.isError {
      close(Handshake.refusal(reply) ?? .serverError(serverText: Array(reply.bytes)))
    } else {
      close(.protocolError("a reply that nobody asked for"))
    }
  }

  private func perform(_ action: ConnectionMachine<Waiter>.Action) {
    switch action {
    case .greet(let batch):
      greeting = SentBatch.Log(batch)
      write(batch.bytes)
    case .close(let error):
      close(error)
    case .establish(let facts):
      guard let context, let opening else { return }
      connectTimer?.cancel()
      self.opening = nil
      decoder.keepsAttributes = options.keepsAttributes
      lastProgress = .now()
      startKeepAlive()
      let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
      opening.resume(returning: .success(Connection(handler: bound, hello: facts, options: options)))
    }
  }

  private func write(_ bytes: [UInt8]) {
    guard let context else { return }
    context.writeAndFlush(wrapOutboundOut(context.channel.allocator.buffer(bytes: bytes)), promise: nil)
  }

  /// One timer for the connection, not one for each batch: when it goes off it looks how long nothing has come.
  private func startReplyTimer() {
    guard replyTimer == nil, let patience else { return }
    scheduleReplyTimer(at: lastProgress + TimeAmount(patience))
  }

  private func scheduleReplyTimer(at deadline: NIODeadline) {
    replyTimer = eventLoop.scheduleTask(deadline: deadline) { [self] in
      replyTimer = nil
      guard machine.isOwed, let patience else { return }
      let next = lastProgress + TimeAmount(patience)
      if next <= .now() {
        close(.timedOut(seconds: patience.roundedSeconds))
      } else {
        scheduleReplyTimer(at: next)
      }
    }
  }

  /// How long nothing may come while a reply is owed.
  private var patience: Duration? { isProbing ? options.keepAlivePatience : options.replyTimeout }

  // MARK: - Whether anybody is there

  private func startKeepAlive() {
    guard let interval = options.keepAlive else { return }
    scheduleKeepAlive(at: lastProgress + TimeAmount(interval), TimeAmount(interval))
  }

  /// A network that swallows everything tells nothing to one who only listens: after a silence the server is asked.
  private func scheduleKeepAlive(at deadline: NIODeadline, _ interval: TimeAmount) {
    keepAliveTimer = eventLoop.scheduleTask(deadline: deadline) { [self] in
      guard machine.closeReason == nil else { return }
      let due = lastProgress + interval
      // While a reply is owed its own timer watches.
      if !machine.isOwed, due > .now() { return scheduleKeepAlive(at: due, interval) }
      if !machine.isOwed { probe() }
      scheduleKeepAlive(at: .now() + interval, interval)
    }
  }

  private func probe() {
    guard machine.enqueueProbe() else { return }
    lastProgress = .now()
    isProbing = true
    var ping = CommandBatch()
    ping.add("PING")
    write(ping.bytes)
    replyTimer?.cancel()
    replyTimer = nil
    startReplyTimer()
  }
}

extension Duration {
  /// Whole seconds for a message, at least one.
  var roundedSeconds: Int { max(1, Int(components.seconds)) }
}
