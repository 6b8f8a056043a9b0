import CSupervisor
import Glibc

/// A child process in a session of its own, so that Ctrl-C in the terminal does not reach it.
///
/// It gets no descriptor but those that it is given, and every signal at its default.
package struct ChildProcess: Sendable {
  package let pid: Int32

  /// Starts `command[0]` (a path) with exactly `environment` ("NAME=value").
  ///
  /// - Parameter descriptors: what the child sees as 0, 1, 2, …; nil is /dev/null. At most 8.
  /// - Throws: when the program cannot be started; WHY is the system's text.
  package init(
    _ command: [String], environment: [String], descriptors: [CInt?] = [nil, nil, nil]
  ) throws(PrivateServerError) {
    var child: pid_t = 0
    let sources = descriptors.map { $0 ?? -1 }
    let error = unsafe withCStrings(command) { arguments in
      unsafe withCStrings(environment) { variables in
        unsafe supervisor_spawn(&child, arguments[0], arguments, variables, sources, CInt(sources.count))
      }
    }
    guard error == 0 else {
      throw PrivateServerError(
        what: "cannot start \(command[0])", why: systemText(error), nextStep: "Check that it may be executed")
    }
    pid = child
  }

  /// Sends a signal; a process that is gone is no error.
  package func signal(_ number: CInt) { _ = kill(pid, number) }

  /// Waits for the end and reaps the child. Returns its wait status, nil when it was reaped elsewhere.
  @discardableResult
  package func wait() -> CInt? {
    var status: CInt = 0
    while true {
      if unsafe waitpid(pid, &status, 0) == pid { return status }
      if errno != EINTR { return nil }
    }
  }

  /// Reaps the child if it ends within `milliseconds`. True when it is gone.
  package func wait(milliseconds: Int) -> Bool {
    for _ in 0...max(0, milliseconds / 2) {
      let reaped = waitpid(pid, nil, WNOHANG)
      if reaped == pid || (reaped < 0 && errno == ECHILD) { return true }
      usleep(2000)
    }
    return false
  }
}

/// Calls `body` with a zero-ended array of C strings, as execve wants them.
private func withCStrings<Result>(
  _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
  var pointers = unsafe strings.map { unsafe strdup($0) } + [nil]
  defer { unsafe pointers.forEach { unsafe free($0) } }
  return unsafe pointers.withUnsafeMutableBufferPointer { buffer in
    guard let base = unsafe UnsafePointer(buffer.baseAddress) else { preconditionFailure("ends with nil, never empty") }
    return unsafe body(base)
  }
}
