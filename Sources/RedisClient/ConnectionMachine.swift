internal import DequeModule
internal import RESP

/// What a connection must do next, as a value without I/O, clock or thread: who is owed which replies, the greeting,
/// and the one way to the end.
///
/// The server answers in the order of the commands, so a queue of owed replies is all the bookkeeping there is. Push
/// frames belong to no command and are told apart by their type alone.
struct ConnectionMachine<Waiter> {
  enum Action {
    /// The greeting's next batch.
    case greet(CommandBatch)
    case establish(HelloFacts)
    case close(ClientError)
  }

  /// What a complete top-level reply means.
  enum Arrival {
    case push
    /// The batch at the head still lacks replies.
    case incomplete
    /// The greeting's batch is complete: call `greeted`.
    case greeting
    case deliver(Waiter)
    /// The one who asked has gone; the replies are to be dropped.
    case drop
    /// Nothing was owed.
    case unexpected
  }

  private enum Owner {
    case greeting
    case waiter(Waiter, id: UInt64)
    case nobody
  }

  private struct Owed {
    var owner: Owner
    var remaining: Int
  }

  private enum Phase {
    case opening
    case greeting
    case ready
    case closed(ClientError)
  }

  private var phase = Phase.opening
  private var queue: Deque<Owed> = []
  private var handshake: Handshake

  init(handshake: Handshake) {
    self.handshake = handshake
  }

  /// Whether the server owes a reply.
  var isOwed: Bool { !queue.isEmpty }

  /// Why the connection ended; nil while it has not.
  var closeReason: ClientError? {
    if case .closed(let error) = phase { error } else { nil }
  }

  /// Whether it was usable and is still open.
  var isReady: Bool {
    if case .ready = phase { true } else { false }
  }

  /// The transport is connected.
  mutating func activate() -> Action {
    guard case .opening = phase else { return .close(closeReason ?? .closed) }
    phase = .greeting
    return perform(handshake.start())
  }

  /// Queues a batch. Returns the reason where the connection takes none.
  mutating func enqueue(count: Int, for waiter: Waiter, id: UInt64) -> ClientError? {
    switch phase {
    case .ready:
      queue.append(Owed(owner: .waiter(waiter, id: id), remaining: count))
      return nil
    case .closed(let error): return error
    case .opening, .greeting: return .closed
    }
  }

  /// Queues a command of our own whose reply is for nobody. False where none is taken.
  mutating func enqueueProbe() -> Bool {
    guard isReady else { return false }
    queue.append(Owed(owner: .nobody, remaining: 1))
    return true
  }

  /// The asker no longer wants its replies. They stay owed, and are dropped when they come. Returns whom to tell.
  mutating func abandon(id: UInt64) -> Waiter? {
    for position in queue.indices {
      guard case .waiter(let waiter, id) = queue[position].owner else { continue }
      queue[position].owner = .nobody
      return waiter
    }
    return nil
  }

  /// A top-level reply is complete.
  mutating func arrive(isPush: Bool) -> Arrival {
    if isPush { return .push }
    guard !queue.isEmpty else { return .unexpected }
    queue[0].remaining -= 1
    guard queue[0].remaining == 0 else { return .incomplete }
    switch queue.removeFirst().owner {
    case .greeting: return .greeting
    case .waiter(let waiter, _): return .deliver(waiter)
    case .nobody: return .drop
    }
  }

  /// The replies to the greeting's last batch.
  mutating func greeted(_ replies: Replies) -> Action {
    guard case .greeting = phase else { return .close(closeReason ?? .closed) }
    return perform(handshake.receive(replies))
  }

  /// Ends it. The first reason stays. Returns everyone who is still owed a reply.
  mutating func close(_ error: ClientError) -> [Waiter] {
    guard closeReason == nil else { return [] }
    phase = .closed(error)
    let waiters = queue.compactMap { owed -> Waiter? in
      if case .waiter(let waiter, _) = owed.owner { waiter } else { nil }
    }
    queue.removeAll()
    return waiters
  }

  private mutating func perform(_ step: Handshake.Step) -> Action {
    switch step {
    case .send(let batch):
      queue.append(Owed(owner: .greeting, remaining: batch.count))
      return .greet(batch)
    case .done(let facts):
      phase = .ready
      return .establish(facts)
    case .failed(let error):
      return .close(error)
    }
  }
}
