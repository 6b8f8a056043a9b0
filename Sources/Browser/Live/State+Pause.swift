import Canvas
import Keyspace
import Requests

/// `p`: everything that updates by itself stands still. What the user does himself goes on: moving, opening, editing.
package struct Pause: Sendable, Equatable {
  /// Where the countdowns stand, monotonic ms.
  package let since: Int64
  /// Keys that the server said have changed meanwhile: how often is not known, since those on the screen are told once
  /// until they are read again.
  private var changed: Set<KeyName> = []
  /// More than are remembered by name.
  private var isMore = false
  /// How far the list is by now, and the monitor.
  var scan: ScanProgress?
  var expiry: ExpiryProgress?

  private static let mostRemembered = 10_000

  init(since: Int64) { self.since = since }

  mutating func note(_ names: [KeyName]) {
    isMore = isMore || changed.count >= Self.mostRemembered
    if !isMore { changed.formUnion(names) }
  }

  /// `3 keys changed`; nil: none.
  var words: String? {
    guard !changed.isEmpty else { return nil }
    return "\(Format.count(changed.count))\(isMore ? "+" : "") \(changed.count == 1 ? "key" : "keys") changed"
  }
}

extension State {
  mutating func togglePause() {
    if pause == nil {
      pause = Pause(since: now)
      ask(.scan, .pauseScan(true))
      say("paused: nothing on the screen updates by itself until p")
    } else {
      catchUp()
    }
  }

  /// Ends a pause: what was told of meanwhile is read now.
  mutating func catchUp() {
    guard let ended = pause else { return }
    pause = nil
    ask(.scan, .pauseScan(false))
    say("goes on" + (ended.words.map { ": \($0) meanwhile" } ?? ""))
    if let scan = ended.scan { take(.scan(scan)) }
    if let expiry = ended.expiry { take(expiry) }
    if link == .connected, !owed.contains(.header) || list.flushToldAt != nil { askHeader() }
    if list.scan.version != list.rowsVersion { askForRows() }
  }

  /// Counts what the pause keeps from the screen.
  mutating func countWhilePaused(_ notice: Notice) {
    guard pause != nil else { return }
    switch notice {
    case .changed(let names), .appeared(let names): pause?.note(names)
    default: break
    }
  }
}
