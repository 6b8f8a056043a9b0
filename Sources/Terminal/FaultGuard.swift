import CTerminal
import Canvas

/// What happens when the program itself fails: a trap, a bad access, an abort.
package enum FaultGuard {
  /// Installs the handlers and forbids core dumps; first thing in `main`, whatever the command.
  ///
  /// The terminal is restored where a screen is open, one line names the signal and the report, the exit status is 70.
  /// Swift's own backtracer is replaced, because it prints the memory at every register: values and passwords of the
  /// user.
  package static func install() {
    kg_forbid_cores()
    kg_guard_faults()
  }

  /// Says where the report of a crash goes, `crash-TIME-PID.txt` in this folder, and what it begins with.
  ///
  /// - Parameter facts: lines about the program and its terminal; whatever cannot be seen in them is escaped.
  package static func prepareReport(in folder: String, facts: [String]) {
    let lines = facts.map { DisplayText($0).string + "\n" }.joined()
    unsafe kg_prepare_report(folder, Escape.string(folder.utf8), lines)
  }

  /// Notes what was done, for the report: its name, never what it was done with. On the first thread only.
  package static func note(_ action: String) { unsafe kg_note_action(action) }
}
