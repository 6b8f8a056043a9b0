import Glibc
import Subprocess

/// A command that runs as long as it likes, and what it writes meanwhile.
package enum ComposeProcess {
  package enum End: Sendable, Equatable {
    case exited(status: Int)
    case signalled(Int)
    /// The task was cancelled while it ran, however it ended then.
    case cancelled
    case notStarted(why: String)
  }

  /// How it is ended by a cancelled task: as ^C does it, then harder, each after so long in vain.
  struct Patience: Sendable {
    var interrupt = Duration.seconds(5)
    var terminate = Duration.seconds(5)
  }

  /// Runs `words` (a program, found in PATH, and its arguments; no shell) in `folder`, without input, to the end.
  ///
  /// - Parameters:
  ///   - environment: nil is this process's own.
  ///   - onLines: gets the lines of standard output and error in the order in which they come, without their ends, in
  ///     batches: at most one in 10 ms, except of full pipes. Nothing more is read before it returns, so that the command
  ///     waits for a slow reader; it has to return in the end, also when the task is cancelled. A line of more than 4 KB comes in pieces; so does one that stays without an end for
  ///     200 ms, such as a question.
  ///
  /// Cancelling the task interrupts the command and all that it started, and `start` still waits for their end.
  @concurrent
  package static func start(
    words: [String], folder: String, environment: [String: String]? = nil,
    onLines: @escaping @Sendable ([[UInt8]]) async -> Void
  ) async -> End {
    await start(words: words, folder: folder, environment: environment, patience: Patience(), onLines: onLines)
  }

  @concurrent
  static func start(
    words: [String], folder: String?, environment: [String: String]?, patience: Patience,
    onLines: @escaping @Sendable ([[UInt8]]) async -> Void
  ) async -> End {
    let group = ChildGroup()
    // A task of its own, which nobody cancels: Subprocess stops reading in a cancelled one, and the last words are lost.
    let work = Task {
      await carryOut(words, folder, environment, patience: patience, group: group, lines: LineDesk(onLines))
    }
    return await withTaskCancellationHandler {
      await work.value
    } onCancel: {
      group.wishEnd()
    }
  }

  private static func carryOut(
    _ words: [String], _ folder: String?, _ environment: [String: String]?, patience: Patience, group: ChildGroup,
    lines: LineDesk
  ) async -> End {
    guard !group.isEndWished else { return .cancelled }
    let configuration = ChildProcessOptions.configuration(
      words: words, folder: folder, environment: environment,
      teardown: [.send(signal: .terminate, toProcessGroup: true, allowedDurationToNextStep: .seconds(1))])
    let ending = Task { await group.endWhenWished(patience) }
    defer { ending.cancel() }
    do {
      let result = try await run(
        configuration, input: .none, output: .sequence, error: .combinedWithOutput
      ) { execution in
        group.began(execution.processIdentifier.value)
        try await read(execution.standardOutput, of: group, into: lines)
      }
      await lines.finish()
      if group.isEndWished {
        await ending.value
        group.ended()
        return .cancelled
      }
      group.ended()
      return switch result.terminationStatus {
      case .exited(let status): .exited(status: Int(status))
      case .signaled(let signal): .signalled(Int(signal))
      }
    } catch {
      group.ended()
      return .notStarted(why: ChildProcessOptions.why(error, words: words, folder: folder))
    }
  }

  /// To the end of the output; or, where something that the command started holds the pipe open after its end, as far
  /// as the command itself can have written.
  private static func read(
    _ output: SubprocessOutputSequence, of group: ChildGroup, into lines: LineDesk
  ) async throws {
    // What a pipe holds (pipe(7)).
    let pipeSize = 65_536
    var left: Int?
    for try await buffer in output {
      let bytes = unsafe buffer.withUnsafeBytes { unsafe Array($0) }
      await lines.take(bytes)
      if let bound = left {
        left = bound - bytes.count
        if bound <= bytes.count { return }
      } else if group.leaderHasEnded {
        // It may have filled the pipe once more after this was read from it.
        left = pipeSize
      }
      // So that a program that writes line by line makes batches; it is no slower by it than by a full pipe.
      if bytes.count < pipeSize / 4 { try? await Task.sleep(for: .milliseconds(10)) }
    }
  }
}

/// Hands lines on, one batch after the other.
private actor LineDesk {
  /// A line without an end is handed on after so long.
  private static let silence = Duration.milliseconds(200)

  private var lines = OutputLines()
  private var last: Task<Void, Never>?
  private var reminder: Task<Void, Never>?
  private let onLines: @Sendable ([[UInt8]]) async -> Void

  init(_ onLines: @escaping @Sendable ([[UInt8]]) async -> Void) { self.onLines = onLines }

  func take(_ bytes: [UInt8]) async {
    reminder?.cancel()
    reminder = nil
    await hand(lines.take(bytes))
    guard lines.hasRest else { return }
    reminder = Task {
      do { try await Task.sleep(for: Self.silence) } catch { return }
      guard !Task.isCancelled, let rest = lines.takeRest() else { return }
      await hand([rest])
    }
  }

  func finish() async {
    reminder?.cancel()
    if let rest = lines.takeRest() { await hand([rest]) }
    await last?.value
  }

  private func hand(_ batch: [[UInt8]]) async {
    guard !batch.isEmpty else { return }
    let delivery = Task { [last, onLines] in
      await last?.value
      await onLines(batch)
    }
    last = delivery
    await delivery.value
  }
}
