package import NIOCore
internal import NIOPosix
package import RESP
internal import Synchronization

/// An established, greeted connection to a server. Safe to use from any task; batches are answered in the order of the
/// calls to `send`.
package final class Connection: Sendable {
  private let handler: NIOLoopBound<ConnectionHandler>
  private let nextID = Atomic<UInt64>(0)
  private let options: ConnectionOptions

  /// What the server said of itself.
  package let hello: HelloFacts

  init(handler: NIOLoopBound<ConnectionHandler>, hello: HelloFacts, options: ConnectionOptions) {
    self.options = options
    self.handler = handler
    self.hello = hello
  }

  /// Connects, logs in and selects the database.
  package static func connect(
    to endpoint: Endpoint, options: ConnectionOptions = ConnectionOptions(), on group: any EventLoopGroup
  ) async throws(ClientError) -> Connection {
    guard !Task.isCancelled else { throw .cancelled }
    let secured = try await secured(endpoint, options)
    let options = gated(options, by: endpoint)
    let eventLoop = group.next()
    let box = NIOLoopBoundBox.makeEmptyBox(valueType: ConnectionHandler.self, eventLoop: eventLoop)
    let giveUp: @Sendable () -> Void = { eventLoop.execute { box.value?.close(.cancelled) } }
    let result: Result<Connection, ClientError> = await withTaskCancellationHandler {
      await withCheckedContinuation { opening in
        eventLoop.execute {
          let handler = ConnectionHandler(
            endpoint: endpoint, options: options, eventLoop: eventLoop, opening: opening)
          box.value = handler
          handler.startConnectTimer()
          Transport.open(
            NIOLoopBound(handler, eventLoop: eventLoop), to: endpoint.address, securedBy: secured,
            timeout: options.connectTimeout)
        }
        // A task that was cancelled just now has run its handler before there was anything to cancel.
        if Task.isCancelled { giveUp() }
      }
    } onCancel: {
      giveUp()
    }
    return try result.get()
  }

  /// What encrypts the connection; nil only where that is not asked for.
  private static func secured(
    _ endpoint: Endpoint, _ options: ConnectionOptions
  ) async throws(ClientError) -> (any SecuredTransport)? {
    guard let settings = endpoint.tls else { return nil }
    guard let security = options.security else { throw .tls(endpoint.address, .notBuilt) }
    do throws(TLSFailure) {
      return try await security.prepare(settings, for: endpoint.address)
    } catch {
      throw .tls(endpoint.address, error)
    }
  }

  /// An endpoint that forbids writes is stronger than any option.
  private static func gated(_ options: ConnectionOptions, by endpoint: Endpoint) -> ConnectionOptions {
    guard endpoint.forbidsWrites else { return options }
    var options = options
    options.isReadOnly = true
    options.readOnlyCause = .unverifiedServer
    return options
  }

  /// Why this connection lets nothing out that writes now; nil: it does.
  package var readOnlyCause: ClientError.ReadOnlyCause? {
    if options.isReadOnly { return options.readOnlyCause }
    return options.lock?.isLocked == true ? .locked : nil
  }

  /// Sends the commands of `batch` in one write and returns their replies, one for each command. Error replies are
  /// replies. Any number of batches may be on the way.
  ///
  /// - Throws: `ClientError` where the replies cannot come any more; `cancelled` where this task was cancelled, while
  ///   the connection goes on and the replies are dropped.
  ///
  /// - Parameter knownReaders: what read-only mode lets out besides its own list, see ``readers(among:)``.
  package func send(_ batch: CommandBatch, knownReaders: Set<String> = []) async throws(ClientError) -> Replies {
    guard !Task.isCancelled else { throw .cancelled }
    let id = nextID.add(1, ordering: .relaxed).newValue
    let (handler, eventLoop) = (handler, handler.eventLoop)
    let giveUp: @Sendable () -> Void = { eventLoop.execute { handler.value.abandon(id: id) } }
    let delivery = await withTaskCancellationHandler {
      await deliver(batch, id: id, knownReaders) { if Task.isCancelled { giveUp() } }
    } onCancel: {
      giveUp()
    }
    switch delivery {
    case .replies(let replies): return replies
    case .notSent(let error), .lost(let error): throw error
    }
  }

  /// Sends the commands of `batch` in one write, whatever becomes of this task, and tells whether they can have reached
  /// the server: for what must not be sent twice.
  ///
  /// - Parameter knownReaders: what read-only mode lets out besides its own list, see ``readers(among:)``.
  package func deliver(_ batch: CommandBatch, knownReaders: Set<String> = []) async -> Delivery {
    await deliver(batch, id: nextID.add(1, ordering: .relaxed).newValue, knownReaders) {}
  }

  private func deliver(
    _ batch: CommandBatch, id: UInt64, _ knownReaders: Set<String>, onSending: @Sendable () -> Void
  ) async -> Delivery {
    guard !batch.isEmpty else { return .replies(Replies()) }
    let log = options.onSent == nil ? nil : SentBatch.Log(batch)
    if let error = refusal(of: batch, knownReaders) {
      log?.report(.failure(error), options)
      return .notSent(error)
    }
    let (handler, eventLoop) = (handler, handler.eventLoop)
    let delivery: Delivery = await withCheckedContinuation { waiter in
      eventLoop.execute { handler.value.send(batch, id: id, waiter: waiter) }
      onSending()
    }
    switch delivery {
    case .replies(let replies): log?.report(.success(replies), options)
    case .notSent(let error), .lost(let error): log?.report(.failure(error), options)
    }
    return delivery
  }

  /// Sends commands that are not answered once each: SUBSCRIBE, MONITOR. What comes goes to `onPush` and `onUnasked`.
  ///
  /// - Parameter knownReaders: what read-only mode lets out besides its own list.
  /// - Returns: why nothing was sent; nil: it was given to the connection.
  package func post(_ batch: CommandBatch, knownReaders: Set<String> = []) -> ClientError? {
    if let error = refusal(of: batch, knownReaders) { return error }
    let (handler, eventLoop) = (handler, handler.eventLoop)
    eventLoop.execute { handler.value.post(batch) }
    return nil
  }

  /// Why nothing of the batch may leave now; nil: it may.
  private func refusal(of batch: CommandBatch, _ knownReaders: Set<String>) -> ClientError? {
    guard let cause = readOnlyCause else { return nil }
    // What was queued before it was locked may write, so no transaction is carried out, and none is begun.
    let transaction =
      cause == .locked ? batch.names.map { $0.uppercased() }.first { ["MULTI", "EXEC"].contains($0) } : nil
    guard let command = transaction ?? ReadOnlyGate.refusal(of: batch, knownReaders: knownReaders) else { return nil }
    return .readOnly(command: command, cause: cause)
  }

  /// Closes without waiting for anything. Whoever still waits for replies gets `ClientError.closed`.
  package func close() { close(.closed) }

  /// The same, unless a reply is owed: whoever waits for it finds out by himself.
  package func closeIfIdle(_ error: ClientError) {
    let handler = handler
    handler.eventLoop.execute { handler.value.closeIfIdle(error) }
  }

  /// Closes as if it had been lost for this reason.
  package func close(_ error: ClientError) {
    let handler = handler
    handler.eventLoop.execute { handler.value.close(error) }
  }
}

/// What became of a batch.
package enum Delivery: Sendable {
  case replies(Replies)
  /// The connection was closed before, or read-only mode refused it: not a byte left.
  case notSent(ClientError)
  /// Given to the connection, and its replies cannot come any more: the server may have carried it out, or a part of it.
  case lost(ClientError)
}
