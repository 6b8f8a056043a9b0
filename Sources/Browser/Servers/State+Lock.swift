import Canvas
import Requests

/// `env: prod`: nothing is written until the user has typed the name of the server, and again after a while without a
/// key. What really holds writes back is the gate of the connections (``Effect/lockWrites(_:)``).
extension State {
  /// Ms without a key until an unlocked production server is locked again.
  package static let unlockedTime: Int64 = 15 * 60_000

  /// Nothing is written now.
  package var isReadOnly: Bool { setup.isReadOnly || lock == .locked }

  /// The server is production: its name stands on every screen.
  var isProduction: Bool { setup.stage == .prod }

  /// What a production server is called where its name is asked for or shown.
  var serverName: String { setup.profile ?? setup.endpointName }

  /// Why nothing is written, and what can be done about it.
  var readOnlyWords: String {
    setup.isReadOnly
      ? "read-only: nothing is written (\(setup.readOnlyCause))"
      : "read-only: \(serverName) is production; L unlocks it"
  }

  /// `L`.
  mutating func toggleLock() {
    switch lock {
    case .none:
      say(
        setup.isReadOnly
          ? "read-only for the whole session (\(setup.readOnlyCause)): nothing unlocks it"
          : "nothing is locked here: only a server whose profile says 'env: prod' is", .warning)
    case .locked: askToUnlock()
    case .unlocked: lockAgain("\(serverName) is read-only again; L unlocks it", .plain)
    }
  }

  /// - Parameter form: what was about to be saved, and is come back to.
  mutating func askToUnlock(for form: Form? = nil) {
    var lines = [Array("\(setup.endpointName) is production.".utf8)]
    if form != nil {
      lines.append(Array("It is locked, so nothing was sent. What you typed stays.".utf8))
    }
    lines.append(Array("Unlocked, it is written to until 15 minutes have passed without a key, or L is pressed.".utf8))
    var dialog = Dialog(
      title: "unlock \(serverName) for writing?", lines: lines,
      buttons: [.init("[Cancel]", form.map { .form($0) } ?? .cancel), .init("[Unlock]", .unlock(form))],
      demanded: serverName, openedAt: now)
    dialog.demands = .serverName
    open(dialog)
  }

  /// The name was typed.
  mutating func unlock(for form: Form?) {
    guard lock == .locked else { return }
    lock = .unlocked(until: now + Self.unlockedTime)
    outbox.append(.lockWrites(false))
    guard var form else {
      say("\(serverName) is unlocked until 15 minutes pass without a key; L locks it", .warning)
      return
    }
    form.note = Array("unlocked: Enter saves".utf8)
    form.isNoteWrong = false
    form.quietUntil = now + Self.dialogGuard
    overlay = .form(form)
  }

  private mutating func lockAgain(_ words: String, _ tone: Message.Tone) {
    lock = .locked
    outbox.append(.lockWrites(true))
    say(words, tone)
  }

  /// Keys keep it unlocked; one that comes too late does not.
  mutating func noteActivity() {
    lockIfIdle()
    if case .unlocked = lock { lock = .unlocked(until: now + Self.unlockedTime) }
  }

  /// Whoever has unlocked it is away. A write that is under way is not cut in the middle.
  mutating func lockIfIdle() {
    guard case .unlocked(let until) = lock, now >= until, writes.isEmpty else { return }
    lockAgain("\(serverName) is read-only again: 15 minutes without a key; L unlocks it", .warning)
  }

  /// It is not the server that was unlocked.
  mutating func lockAfterReplacement() {
    guard case .unlocked = lock else { return }
    lock = .locked
    outbox.append(.lockWrites(true))
  }

  /// What is left of being unlocked, as the screen shows it: whole minutes, in the last one seconds.
  var unlockedLeft: String? {
    guard case .unlocked(let until) = lock else { return nil }
    let seconds = max(0, (until - now - displayOffset + 999) / 1_000)
    return seconds >= 60 ? "\((seconds + 59) / 60)m" : "\(seconds)s"
  }

  /// When that changes, monotonic ms.
  var unlockedChange: Int64? {
    guard case .unlocked(let until) = lock else { return nil }
    let left = until - now
    guard left > 0 else { return writes.isEmpty ? now : nil }
    let step: Int64 = left > 60_000 ? 60_000 : 1_000
    return now + (left - 1) % step + 1
  }
}

extension Dialog.Choice {
  /// Something would be sent that changes the server; the console asks its own gate.
  var writes: Bool {
    switch self {
    case .write, .bulk, .bulkAgain, .replace, .undo, .kill: true
    case .cancel, .form, .discard, .quit, .console, .readAllSizes, .servers, .connect, .unlock: false
    // Not of the server: they have a gate of their own.
    case .runCompose, .connectCompose, .stopCompose: false
    }
  }

  /// The form that it came from.
  var form: Form? {
    switch self {
    case .bulk(let form), .replace(_, let form): form
    default: nil
    }
  }
}
