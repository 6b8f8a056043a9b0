/// The ways back of a field, newest last. What is typed character by character comes together in runs, as in readline.
struct UndoSteps: Sendable, Equatable {
  struct Step: Sendable, Equatable {
    /// UTF-8 bytes before it.
    var at: Int
    var removed: String
    var inserted: String
    /// Where the cursor stood before.
    var cursor: Int
    var isTyping: Bool

    var end: Int { at + inserted.utf8.count }
    var size: Int { removed.utf8.count + inserted.utf8.count }
  }

  /// Characters of a run.
  private static let longestRun = 20
  /// Bytes that are kept: 4 MB; then the oldest steps go.
  private static let limit = 4 << 20

  private var steps: [Step] = []
  private var size = 0

  mutating func add(_ step: Step) {
    size += step.size
    if step.isTyping, let last = steps.last, last.isTyping, last.end == step.at, last.inserted.count < Self.longestRun {
      steps[steps.count - 1].inserted += step.inserted
      return
    }
    steps.append(step)
    while size > Self.limit, steps.count > 1 { size -= steps.removeFirst().size }
  }

  /// The newest step, which is no longer there then.
  mutating func take() -> Step? {
    let step = steps.popLast()
    size -= step?.size ?? 0
    return step
  }
}
