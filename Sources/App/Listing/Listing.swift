import Canvas
import Glibc
import Keyspace
import Requests
import Store
import Synchronization
import Values

/// `keyglass ls`: the keys of a database on standard output, without a screen, by the same Store.
struct Listing {
  let pattern: String?
  let format: Invocation.ListFormat
  /// Only keys that meet it.
  let ttl: TTLCondition?
  let isPlain: Bool

  func run(on server: ServerChoice, trace: Trace?) throws(ErrorLine) -> ExitStatus {
    let store = try Connecting.connect(server, options: .traced(by: trace)).store
    defer { Connecting.shutDown(store) }
    trace?.write(.connected)
    // As other tools that write into a pipe nobody reads any more; the runtime may have the signal ignored.
    signal(SIGPIPE, SIG_DFL)
    let result = Handover<ErrorLine?>()
    let line = ListLine(format: format, isPlain: isPlain)
    let wanted = ListQuestion(
      pattern: pattern.map { Escape.typed($0) }, facts: format == .names ? .none : .all, ttl: ttl)
    let unwritten = Mutex<ErrorLine?>(nil)
    Task {
      do throws(Failure) {
        let untold = try await store.list(wanted) { page in
          let serverTime = await store.serverClock.serverTime(at: Clocks.monotonic)
          do throws(ErrorLine) {
            return try Output.deliver(page.map { line.text($0, serverTime: serverTime) + "\n" }.joined())
          } catch {
            unwritten.withLock { $0 = error }
            return false
          }
        }
        result.set(unwritten.withLock { $0 } ?? ErrorLine(untold))
      } catch {
        result.set(ErrorLine(await store.explained(error)))
      }
    }
    if let error = result.wait() ?? nil { throw error }
    return .success
  }
}

extension ErrorLine {
  /// What the server said is escaped.
  init(_ failure: Failure) {
    let next = failure.nextStep.hasSuffix(".") ? failure.nextStep : failure.nextStep + "."
    self.init(failure.what, Escape.string(failure.why, context: .value), nextStep: next, status: .refused)
  }

  /// Nil where every deadline was told.
  init?(_ untold: UntoldKeys) {
    guard untold.count > 0 else { return nil }
    let what = "reading the deadlines of \(Format.count(untold.count)) keys"
    let (why, nextStep) =
      switch untold.denial.map({ ($0.command, $0.missingRule) }) {
      case (_, let rule?)? where rule.hasPrefix("%"):
        ("not covered by this user's key patterns", "Ask for a rule %R~PATTERN that covers the name.")
      case (let command, let rule?)?: ("this user may not run \(command)", "Ask for the rule \(rule).")
      case (let command, nil)?: ("this server has no \(command)", "It may be renamed or disabled.")
      case nil: ("the server does not tell", "Try again.")
      }
    self.init(untold.count == 1 ? "reading the deadline of a key" : what, why, nextStep: nextStep, status: .refused)
  }
}
