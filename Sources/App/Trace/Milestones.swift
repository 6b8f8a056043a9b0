import CPlatform
import Requests

/// What the trace tells once, or from the difference to what was before.
struct Milestones {
  private var hasDrawn = false
  private var hasShownKeys = false
  private var wasLost = false
  private var scanStartedAt: Int64?

  mutating func noteFrame(showsKeys: Bool, to trace: Trace) {
    if !hasDrawn { trace.write(.firstFrame) }
    hasDrawn = true
    if showsKeys, !hasShownKeys { trace.write(.firstKeys) }
    hasShownKeys = hasShownKeys || showsKeys
  }

  mutating func note(_ request: Request) {
    switch request {
    case .select, .rescan, .rescanAll: scanStartedAt = Clocks.monotonic
    default: break
    }
  }

  mutating func note(_ notice: Notice, to trace: Trace?) {
    switch notice {
    case .link(.connected):
      if wasLost { trace?.write(.reconnect) }
      wasLost = false
    case .link(.lost): wasLost = true
    case .link(.connecting), .moved: break
    case .scan(let progress): note(progress, to: trace)
    case .changed, .flushed, .appeared: trace?.write(.push)
    case .reconnected, .loginRefused, .tracking, .session, .console, .surveying, .writing, .limits, .follow, .expiry:
      break
    }
  }

  private mutating func note(_ progress: ScanProgress, to trace: Trace?) {
    switch progress.phase {
    case .running: trace?.write(.scanProgress(keys: progress.keys))
    case .done, .limited, .stopped:
      guard let startedAt = scanStartedAt else { return }
      scanStartedAt = nil
      trace?.write(
        .scanDone(
          keys: progress.keys, milliseconds: Clocks.monotonic - startedAt,
          residentBytes: kg_memory_resident_bytes()))
    case .idle, .paused, .denied: break
    }
  }
}
