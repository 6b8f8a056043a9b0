package import NIOCore
internal import NIOPosix
package import RESP
internal import Synchronization

/// An established, greeted connection to a server. Safe to use from any task; batches are answered in the order of the
/// calls to `send`.
package final class Connection: Sendable {
  private let handler: NIOLoopBound<ConnectionHandler>
  private let nextID = Atomic<UInt64>(0)

  /// What the server said of itself.
  package let hello: HelloFacts

  init(handler: NIOLoopBound<ConnectionHandler>, hello: HelloFacts) {
    self.handler = handler
    self.hello = hello
  }

  /// Connects, logs in and selects the database.
  package static func connect(
    to endpoint: Endpoint, options: ConnectionOptions = ConnectionOptions(), on group: any EventLoopGroup
  ) async throws(ClientError) -> Connection {
    guard !Task.isCancelled else { throw .cancelled }
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
            NIOLoopBound(handler, eventLoop: eventLoop), to: endpoint.address, timeout: options.connectTimeout)
        }
        // A task that was cancelled just now has run its handler before there was anything to cancel.
        if Task.isCancelled { giveUp() }
      }
    } onCancel: {
      giveUp()
    }
    return try result.get()
  }

  /// Sends the commands of `batch` in one write and returns their replies, one for each command. Error replies are
  /// replies. Any number of batches may be on the way.
  ///
  /// - Throws: `ClientError` where the replies cannot come any more; `cancelled` where this task was cancelled, while
  ///   the connection goes on and the replies are dropped.
  package func send(_ batch: CommandBatch) async throws(ClientError) -> Replies {
    guard !Task.isCancelled else { throw .cancelled }
    guard !batch.isEmpty else { return Replies() }
    let id = nextID.add(1, ordering: .relaxed).newValue
    let (handler, eventLoop) = (handler, handler.eventLoop)
    let giveUp: @Sendable () -> Void = { eventLoop.execute { handler.value.abandon(id: id) } }
    let result: Result<Replies, ClientError> = await withTaskCancellationHandler {
      await withCheckedContinuation { waiter in
        eventLoop.execute { handler.value.send(batch, id: id, waiter: waiter) }
        if Task.isCancelled { giveUp() }
      }
    } onCancel: {
      giveUp()
    }
    return try result.get()
  }

  /// Closes without waiting for anything. Whoever still waits for replies gets `ClientError.closed`.
  package func close() {
    let handler = handler
    handler.eventLoop.execute { handler.value.close(.closed) }
  }
}
