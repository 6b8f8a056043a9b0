package import Requests

/// A write that was sent and not reported yet.
package struct PendingWrite: Sendable, Equatable {
  package enum Kind: Sendable, Equatable {
    /// From the form that is open: its report goes to the form.
    case form
    case dialog
    case undo
    case redo
  }

  package var kind: Kind
  package var edits: [Edit]
  /// What was typed for it, should it not be applied.
  package var form: Form?
  /// It adds to the TTLs of many keys.
  package var addsTTL = false
  /// The user asked to stop it.
  package var isStopping = false
  /// Monotonic ms.
  package var startedAt: Int64
  /// Edits done so far, of a write of many.
  package var done = 0
}
