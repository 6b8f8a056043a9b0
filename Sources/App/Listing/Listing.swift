import Canvas
import Glibc
import Keyspace
import Requests
import Store
import Synchronization

/// `keyglass ls`: the keys of a database on standard output, without a screen, by the same Store.
struct Listing {
  let pattern: String?
  let format: Invocation.ListFormat
  let isPlain: Bool

  func run(on server: ServerChoice, trace: Trace?) throws(ErrorLine) -> ExitStatus {
    let (store, _) = try Connecting.connect(server, options: .traced(by: trace))
    defer { Connecting.shutDown(store) }
    trace?.write(.connected)
    // As other tools that write into a pipe nobody reads any more; the runtime may have the signal ignored.
    signal(SIGPIPE, SIG_DFL)
    let result = Handover<ErrorLine?>()
    let (pattern, format, isPlain) = (pattern, format, isPlain)
    let unwritten = Mutex<ErrorLine?>(nil)
    Task {
      let line = ListLine(format: format, isPlain: isPlain)
      do throws(Failure) {
        try await store.list(pattern: pattern.map { Escape.typed($0) }, withFacts: format != .names) { page in
          let serverTime = await store.serverClock.serverTime(at: Clocks.monotonic)
          do throws(ErrorLine) {
            return try Output.deliver(page.map { line.text($0, serverTime: serverTime) + "\n" }.joined())
          } catch {
            unwritten.withLock { $0 = error }
            return false
          }
        }
        result.set(unwritten.withLock { $0 })
      } catch {
        result.set(ErrorLine(error))
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
}
