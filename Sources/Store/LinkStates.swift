internal import RedisClient
internal import Requests

/// Where the two connections stand, and who waits for them.
struct LinkStates {
  private var rows = Requests.LinkState.connecting
  private var sweep = Requests.LinkState.connecting
  private var isRowsKnown = false
  private var isSweepKnown = false
  private(set) var isSweepConnected = false
  private var sweepWaiters: [CheckedContinuation<Void, Never>] = []
  private var lastNotice: Requests.LinkState?

  var isRowsConnected: Bool { rows == .connected }

  mutating func setRows(_ state: RedisClient.LinkState) {
    rows = Self.shown(state, isKnown: isRowsKnown)
    guard rows == .connected else { return }
    isRowsKnown = true
    // It waited for this, and is on its way.
    if case .lost = sweep { sweep = .connecting }
  }

  mutating func setSweep(_ state: RedisClient.LinkState) {
    sweep = Self.shown(state, isKnown: isSweepKnown)
    isSweepConnected = sweep == .connected
    if isSweepConnected {
      isSweepKnown = true
      resumeAll()
    }
  }

  mutating func waitForSweep(_ waiter: CheckedContinuation<Void, Never>) { sweepWaiters.append(waiter) }

  mutating func resumeAll() {
    for waiter in sweepWaiters { waiter.resume() }
    sweepWaiters = []
  }

  /// The state to tell, when it is another than was told last: that of *rows*, or a trouble of *sweep*.
  mutating func changedNotice() -> Requests.LinkState? {
    var state = rows
    if state == .connected {
      switch sweep {
      case .lost: state = sweep
      // Trying again by itself after a loss.
      case .connecting where isSweepKnown: state = .connecting
      case .connecting, .connected: break
      }
    }
    guard state != lastNotice else { return nil }
    lastNotice = state
    return state
  }

  /// - Parameter isKnown: it was connected before.
  private static func shown(_ state: RedisClient.LinkState, isKnown: Bool) -> Requests.LinkState {
    switch state {
    case .idle, .connecting: return .connecting
    case .connected: return .connected
    case .lost(let error, let delay, _):
      return .lost(LinkLoss(error, retryAt: MonotonicClock.now() + Int64(delay / .milliseconds(1))))
    case .failed(let error):
      var loss = LinkLoss(error, retryAt: nil)
      // The server closes the connections of a user who is deleted or changed, and says nothing.
      if isKnown, error == .wrongPassword || error == .authenticationRequired {
        loss.what = "logged out by the server?"
      }
      return .lost(loss)
    }
  }
}

extension LinkLoss {
  init(_ error: ClientError, retryAt: Int64?) {
    let guess = error.guess.map { " (\($0))" } ?? ""
    self.init(what: error.what, why: error.why + guess, nextStep: error.nextStep, retryAt: retryAt)
  }
}
