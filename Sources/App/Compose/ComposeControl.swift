import Browser
import Compose
import Synchronization

/// What the ``UI`` has running of Compose: the watch of the project, and the command of the moment.
final class ComposeControl: Sendable {
  private struct Work {
    var watch: Task<Void, Never>?
    var runs: [Int: Task<Void, Never>] = [:]
  }

  private let desk: ComposeDesk
  private let work = Mutex(Work())

  init(_ desk: ComposeDesk) { self.desk = desk }

  /// Begins to watch, or begins anew.
  func watch(_ post: @escaping @Sendable (ComposeFinding) async -> Void) {
    let next = Task { [desk] in
      await desk.watch { finding in if !Task.isCancelled { await post(finding) } }
    }
    let old = work.withLock { work in
      let old = work.watch
      work.watch = next
      return old
    }
    old?.cancel()
  }

  func endWatch() {
    work.withLock { work in
      work.watch?.cancel()
      work.watch = nil
    }
  }

  func run(_ number: Int, _ words: [String], _ folder: String, _ post: @escaping @Sendable (Event) async -> Void) {
    work.withLock { work in
      work.runs[number] = Task {
        let end = await ComposeProcess.start(words: words, folder: folder) { lines in
          await post(.composeOutput(run: number, lines))
        }
        self.work.withLock { $0.runs[number] = nil }
        await post(.composeEnded(run: number, ComposeEnd(end)))
      }
    }
  }

  func cancel(_ number: Int) { work.withLock { $0.runs[number] }?.cancel() }

  /// What runs and is more than a watch, as the user knows it.
  var hasCommand: Bool { work.withLock { !$0.runs.isEmpty } }

  /// Cancels everything and waits for its end.
  func end() async {
    let tasks = work.withLock { [$0.watch].compactMap(\.self) + $0.runs.values }
    for task in tasks { task.cancel() }
    for task in tasks { await task.value }
  }
}

extension ComposeEnd {
  init(_ end: ComposeProcess.End) {
    switch end {
    case .exited(let status): self = .exited(status: status)
    case .signalled(let number): self = .signalled(number)
    case .cancelled: self = .cancelled
    case .notStarted(let why): self = .notStarted(why: why)
    }
  }
}
