import CTerminal

/// What happens when the program itself fails: a trap, a bad access, an abort.
package enum FaultGuard {
  /// Installs the handlers; first thing in `main`, whatever the command.
  ///
  /// The terminal is restored where a screen is open, one line names the signal, the exit status is 70. Swift's own
  /// backtracer is replaced, because it prints the memory at every register: values and passwords of the user.
  package static func install() {
    kg_guard_faults()
  }
}
