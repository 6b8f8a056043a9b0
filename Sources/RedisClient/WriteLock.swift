internal import Synchronization

/// Whether anything that writes may leave: one switch for all connections to a server, those that are made later
/// included. Safe to use from any thread; what is sent after ``set(isLocked:)`` returned obeys it.
package final class WriteLock: Sendable {
  private let locked: Atomic<Bool>

  package init(isLocked: Bool) { locked = Atomic(isLocked) }

  /// Only what is known to read leaves now.
  package var isLocked: Bool { locked.load(ordering: .sequentiallyConsistent) }

  package func set(isLocked: Bool) { locked.store(isLocked, ordering: .sequentiallyConsistent) }
}
