import Keyspace
import Requests

/// `p`: everything that updates by itself stands still. What the user does himself goes on: moving, opening, editing.
package struct Pause: Sendable, Equatable {
  /// Where the countdowns stand, monotonic ms.
  package var since: Int64
  /// Changes that the server told of meanwhile.
  package var changes = 0
  /// How far the list is by now.
  var scan: ScanProgress?
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
    say(
      ended.changes == 0
        ? "goes on" : "goes on: \(ended.changes) \(ended.changes == 1 ? "change" : "changes") meanwhile")
    if let scan = ended.scan { take(.scan(scan)) }
    if link == .connected, !owed.contains(.header) || list.isFlushTold { askHeader() }
    if list.scan.version != list.rowsVersion { askForRows() }
  }

  /// Counts what the pause keeps from the screen.
  mutating func countWhilePaused(_ notice: Notice) {
    guard pause != nil else { return }
    switch notice {
    case .changed(let names), .appeared(let names): pause?.changes += names.count
    case .flushed: pause?.changes += 1
    default: break
    }
  }
}
