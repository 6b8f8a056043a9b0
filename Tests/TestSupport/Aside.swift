import PrivateServer

/// Work that keeps its thread busy for long gets one of its own: all tests share a few, one for each core.
package enum Aside {
  package static func run<Value: Sendable>(
    _ work: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    var thread: WorkerThread?
    defer { thread?.join() }
    return try await withCheckedThrowingContinuation { continuation in
      thread = WorkerThread { continuation.resume(with: Result(catching: work)) }
    }
  }
}
