internal import RedisClient
internal import Requests

/// Where the two connections stand, and who waits for them.
struct LinkStates {
  private var rows = RedisClient.LinkState.idle
  private var sweep = RedisClient.LinkState.idle
  private var sweepWaiters: [CheckedContinuation<Void, Never>] = []
  private var lastNotice: Requests.LinkState?

  mutating func setRows(_ state: RedisClient.LinkState) { rows = state }

  mutating func setSweep(_ state: RedisClient.LinkState) {
    sweep = state
    if case .connected = state { resumeAll() }
  }

  var isSweepConnected: Bool { if case .connected = sweep { true } else { false } }

  mutating func waitForSweep(_ waiter: CheckedContinuation<Void, Never>) { sweepWaiters.append(waiter) }

  mutating func resumeAll() {
    for waiter in sweepWaiters { waiter.resume() }
    sweepWaiters = []
  }

  /// The state to tell, when it is another than was told last: that of *rows*, or a trouble of *sweep*.
  mutating func changedNotice() -> Requests.LinkState? {
    var state = Self.shown(rows)
    if state == .connected {
      switch sweep {
      case .lost, .failed: state = Self.shown(sweep)
      // Trying again by itself after a loss.
      case .connecting where isSweepKnown: state = .connecting
      case .idle, .connecting, .connected: break
      }
    }
    if case .connected = sweep { isSweepKnown = true }
    guard state != lastNotice else { return nil }
    lastNotice = state
    return state
  }

  private var isSweepKnown = false

  private static func shown(_ state: RedisClient.LinkState) -> Requests.LinkState {
    switch state {
    case .idle, .connecting: .connecting
    case .connected: .connected
    case .lost(let error, let delay, _):
      .lost(why: error.why, retryIn: Int(delay / .milliseconds(1)))
    // Only the user can bring it back: no time to say.
    case .failed(let error): .lost(why: error.message, retryIn: 0)
    }
  }
}
