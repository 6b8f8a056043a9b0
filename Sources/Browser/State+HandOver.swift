/// A program of the user's that is about to get the terminal, and all that is typed.
struct HandOver: Sendable {
  var effect: Effect
  /// Not before this monotonic ms.
  var due: Int64
}

extension State {
  /// Ms without a key before a program gets the terminal: the rest of a paste would be commands to it.
  static let handOverPause: Int64 = 150

  mutating func handOver(to program: Effect) {
    let latest = flood.latestAt
    if latest == .min || now - latest >= Self.handOverPause {
      outbox.append(program)
    } else {
      handOver = HandOver(effect: program, due: latest + Self.handOverPause)
    }
  }

  mutating func handOverIfDue() {
    guard let program = handOver, now >= program.due else { return }
    handOver = nil
    outbox.append(program.effect)
  }

  /// Another key came: true, and said, where a program was about to start.
  mutating func cancelHandOver() -> Bool {
    guard handOver != nil else { return false }
    handOver = nil
    editing = nil
    say("other keys came with it, as in a paste: nothing was opened", .warning)
    return true
  }
}
